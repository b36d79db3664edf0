#include "store/copy_rows.hpp"
#include "store/id_set.hpp"
#include "store/paging.hpp"
#include "store/repositories.hpp"
#include "store/shelf_typos.hpp"
#include "store/shelf_words.hpp"
#include "json/value.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gatefold::store {

namespace {

/// How the shelf can be walked: the key's column, and whether it runs downwards.
struct Order {
    CopySort sort;
    const char* key;
    bool text;
    bool down;
};
constexpr std::array orders{
    Order{CopySort::artist, "c.artist_key", true, false},
    Order{CopySort::relevance, "c.artist_key", true, false},
    Order{CopySort::title, "c.title_key", true, false},
    Order{CopySort::year, "c.year_key", false, false},
    Order{CopySort::added, "c.added_ms", false, true},
};
const Order& orderOf(CopySort sort) {
    return *std::find_if(orders.begin(), orders.end(),
                         [&](const Order& o) { return o.sort == sort; });
}

/// Up to this many hits are sorted; more are met on the way along the sorted index.
constexpr std::size_t fewHits = 500;
/// Up to this many hits are asked for their owner or place one by one.
constexpr std::size_t fewToAsk = 5'000;

/// A word as FTS5 wants it: whatever begins with it.
std::string prefix(const std::string& word) {
    return '"' + word + "\"*";
}

/// The word or what was meant by it.
std::string meant(Connection& db, const std::string& word) {
    std::string expression = '(' + prefix(word);
    for (const std::string& beginning : meantBeginnings(db, word))
        expression += " OR " + prefix(beginning);
    return expression + ')';
}

IdSet matching(Connection& db, const std::string& expression) {
    Query query = db.query("SELECT gather(rowid) FROM shelf WHERE shelf MATCH ?");
    return gathered(query.with(expression));
}

/// Copies whose words begin like those of `words`; one typo a word is forgiven where nothing is
/// found otherwise.
IdSet found(Connection& db, const std::vector<std::string>& words) {
    std::string exact, forgiving;
    for (const std::string& word : words)
        exact += (exact.empty() ? "" : " AND ") + prefix(word);
    IdSet ids = matching(db, exact);
    if (!ids.empty())
        return ids;
    for (const std::string& word : words)
        forgiving += (forgiving.empty() ? "" : " AND ") + meant(db, word);
    return matching(db, forgiving);
}

/// The trash is small and in no index: its rows are read.
IdSet foundInTrash(Connection& db, const std::vector<std::string>& words) {
    IdSet ids;
    Query query = db.query("SELECT id, ' ' || replace(artist_key, char(9), ' ') FROM copies WHERE "
                           "deleted_ms IS NOT NULL ORDER BY id");
    while (query.step()) {
        const std::string text = query.text(1);
        if (std::all_of(words.begin(), words.end(), [&](const std::string& word) {
                return text.find(' ' + word) != std::string::npos;
            }))
            ids.insert(query.integer(0));
    }
    return ids;
}

std::string listOf(const IdSet& ids) {
    std::string list = "[";
    for (const std::int64_t id : ids.ids())
        list += (list.size() > 1 ? "," : "") + std::to_string(id);
    return list + "]";
}

/// Copies on the shelf or in the trash that the conditions besides the text leave; nothing where
/// there is no condition. Of a few hits only those are looked at.
std::optional<IdSet> filtered(Connection& db, const CopyQuery& query,
                              const std::optional<IdSet>& hits) {
    if (!query.owner && !query.location && !query.release)
        return std::nullopt;
    const bool few = hits && hits->size() <= fewToAsk;
    Query rows = db.query(
        std::string("SELECT gather(c.id) FROM ") +
        (few ? "json_each(?) h CROSS JOIN copies c ON c.id = h.value" : "copies c") +
        " WHERE c.deleted_ms IS " + (query.deleted ? "NOT NULL" : "NULL") +
        (query.owner ? " AND c.owner = ?" : "") +
        (query.location ? " AND c.location IN (WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT "
                          "l.id FROM locations l JOIN below b ON l.parent = b.id) SELECT id FROM "
                          "below)"
                        : "") +
        (query.release ? " AND c.release = ?" : ""));
    if (few)
        rows.with(listOf(*hits));
    if (query.owner)
        rows.with(*query.owner);
    if (query.location)
        rows.with(*query.location);
    if (query.release)
        rows.with(*query.release);
    return gathered(rows);
}

/// Where the page before ended: the sort key and the id of its last row.
struct Mark {
    json::Value key;
    std::int64_t id = 0;
};

std::optional<Mark> markOf(const PageRequest& page) {
    if (page.cursor.empty())
        return std::nullopt;
    try {
        const json::Value cursor = json::parse(page.cursor);
        const json::Array* parts = cursor.array();
        if (parts && parts->size() == 2 && (*parts)[1].integer() &&
            ((*parts)[0].string() || (*parts)[0].integer()))
            return Mark{(*parts)[0], *(*parts)[1].integer()};
    } catch (const Error&) {
        // falls through: a cursor that is no JSON is none of ours either
    }
    throw badCursor();
}

class ShelfWalk {
public:
    ShelfWalk(Connection& db, const CopyQuery& query)
        : db_(db), query_(query), order_(orderOf(query.sort)) {
        if (const auto words = searchWords(query.text); !words.empty())
            hits_ = query.deleted ? foundInTrash(db, words) : found(db, words);
        if (hits_ && hits_->empty())
            return;
        if (auto left = filtered(db, query, hits_); hits_ && left)
            hits_->keepOnly(*left);
        else if (left)
            hits_ = std::move(left);
    }

    std::int64_t total() {
        if (hits_)
            return static_cast<std::int64_t>(hits_->size());
        Query count =
            db_.query(query_.deleted ? "SELECT count(*) FROM copies WHERE deleted_ms IS NOT NULL"
                                     : "SELECT copies FROM shelf_counts");
        count.step();
        return count.integer(0);
    }

    /// Ids and keys of one page and one row more.
    std::vector<Mark> walk(int size) {
        std::vector<Mark> marks;
        const auto mark = markOf(query_.page);
        if (hits_ && hits_->empty())
            return marks;
        const bool few = hits_ && hits_->size() <= fewHits;
        const std::string key = order_.key;
        const char* beyond = order_.down ? "<" : ">";
        const char* direction = order_.down ? " DESC" : "";
        Query rows =
            db_.query("SELECT " + key + ", c.id FROM " +
                      (few ? "json_each(?) h CROSS JOIN copies c ON c.id = h.value" : "copies c") +
                      " WHERE c.deleted_ms IS " + (query_.deleted ? "NOT NULL" : "NULL") +
                      (mark ? " AND (" + key + ", c.id) " + beyond + " (?, ?)" : "") +
                      " ORDER BY " + key + direction + ", c.id" + direction);
        if (few)
            rows.with(listOf(*hits_));
        if (mark)
            bindMark(rows, *mark);
        while (marks.size() < static_cast<std::size_t>(size) && rows.step())
            if (few || !hits_ || hits_->contains(rows.integer(1)))
                marks.push_back(
                    {order_.text ? json::Value(rows.text(0)) : json::Value(rows.integer(0)),
                     rows.integer(1)});
        return marks;
    }

private:
    void bindMark(Query& rows, const Mark& mark) const {
        if (order_.text != (mark.key.string() != nullptr))
            throw badCursor();
        if (order_.text)
            rows.with(*mark.key.string(), mark.id);
        else
            rows.with(*mark.key.integer(), mark.id);
    }

    Connection& db_;
    const CopyQuery& query_;
    const Order& order_;
    std::optional<IdSet> hits_; ///< nothing: the whole shelf
};

} // namespace

Page<CopyView> CopyTable::search(const CopyQuery& query) const {
    const int size = pageSize(query.page);
    ShelfWalk walk(db_, query);
    std::vector<Mark> marks = walk.walk(size + 1);
    Page<CopyView> page;
    page.total = walk.total();
    const bool more = marks.size() > static_cast<std::size_t>(size);
    if (more)
        marks.pop_back();
    CopyViews views(db_);
    for (const Mark& mark : marks)
        page.items.push_back(*views.view(CopyId{mark.id}));
    if (more)
        page.next = json::write(json::Value(json::Array{marks.back().key, marks.back().id}));
    return page;
}

} // namespace gatefold::store
