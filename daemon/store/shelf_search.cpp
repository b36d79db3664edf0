#include "store/copy_rows.hpp"
#include "store/paging.hpp"
#include "store/repositories.hpp"
#include "store/shelf_words.hpp"
#include "json/value.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <array>

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
/// A word that finds nothing is compared with so many words of the shelf, and stands for so many.
constexpr int mostTermsLookedAt = 200'000;
constexpr std::size_t mostMeanings = 24;

/// A word as FTS5 wants it: whatever begins with it.
std::string prefix(const std::string& word) {
    return '"' + word + "\"*";
}

/// The shelf's words that somebody may have meant by `word`, between two terms.
std::vector<std::string> meanings(Connection& db, const std::string& word, const std::string& from,
                                  const std::string& to) {
    std::vector<std::string> terms;
    const std::u32string typed = lettersOf(word);
    Query query = db.query("SELECT term FROM shelf_terms WHERE term >= ? AND term < ? LIMIT ?");
    query.with(from, to, mostTermsLookedAt);
    while (terms.size() < mostMeanings && query.step())
        if (const std::string term = query.text(0); beginsWithinOneTypo(typed, lettersOf(term)))
            terms.push_back(term);
    return terms;
}

/// The word or what was meant by it: most typos leave the first letter alone, so those words are
/// asked first.
std::string meant(Connection& db, const std::string& word) {
    std::string next = word.substr(0, 1);
    next[0] = static_cast<char>(next[0] + 1);
    std::vector<std::string> terms = meanings(db, word, word.substr(0, 1), next);
    if (terms.empty())
        terms = meanings(db, word, "", "\xFF");
    std::string expression = '(' + prefix(word);
    for (const std::string& term : terms)
        expression += " OR \"" + term + '"';
    return expression + ')';
}

std::vector<std::int64_t> matching(Connection& db, const std::string& expression) {
    std::vector<std::int64_t> ids;
    Query query = db.query("SELECT rowid FROM shelf WHERE shelf MATCH ? ORDER BY rowid");
    query.with(expression);
    while (query.step())
        ids.push_back(query.integer(0));
    return ids;
}

/// Ids, rising, of copies whose words begin like those of `words`; one typo a word is forgiven
/// where nothing is found otherwise.
std::vector<std::int64_t> found(Connection& db, const std::vector<std::string>& words) {
    std::string exact, forgiving;
    for (const std::string& word : words)
        exact += (exact.empty() ? "" : " AND ") + prefix(word);
    std::vector<std::int64_t> ids = matching(db, exact);
    if (!ids.empty())
        return ids;
    for (const std::string& word : words)
        forgiving += (forgiving.empty() ? "" : " AND ") + meant(db, word);
    return matching(db, forgiving);
}

/// The trash is small and in no index: its rows are read.
std::vector<std::int64_t> foundInTrash(Connection& db, const std::vector<std::string>& words) {
    std::vector<std::int64_t> ids;
    Query query = db.query("SELECT id, ' ' || replace(artist_key, char(9), ' ') FROM copies WHERE "
                           "deleted_ms IS NOT NULL ORDER BY id");
    while (query.step()) {
        const std::string text = query.text(1);
        if (std::all_of(words.begin(), words.end(), [&](const std::string& word) {
                return text.find(' ' + word) != std::string::npos;
            }))
            ids.push_back(query.integer(0));
    }
    return ids;
}

/// Conditions of a query besides its text, and what they are bound to.
struct Filter {
    std::string sql;
    std::vector<std::int64_t> values;
};

Filter filterOf(const CopyQuery& query) {
    Filter filter{query.deleted ? "c.deleted_ms IS NOT NULL" : "c.deleted_ms IS NULL", {}};
    if (query.owner) {
        filter.sql += " AND c.owner = ?";
        filter.values.push_back(query.owner->value);
    }
    if (query.location) {
        filter.sql += " AND c.location IN (WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT l.id "
                      "FROM locations l JOIN below b ON "
                      "l.parent = b.id) SELECT id FROM below)";
        filter.values.push_back(query.location->value);
    }
    if (query.release) {
        filter.sql += " AND c.release = ?";
        filter.values.push_back(*query.release);
    }
    return filter;
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
        : db_(db), query_(query), order_(orderOf(query.sort)), filter_(filterOf(query)) {
        if (const auto words = searchWords(query.text); !words.empty())
            hits_ = query.deleted ? foundInTrash(db, words) : found(db, words);
    }

    std::int64_t total() {
        if (filter_.values.empty() && hits_)
            return static_cast<std::int64_t>(hits_->size());
        if (filter_.values.empty() && !query_.deleted)
            return countOf("SELECT copies FROM shelf_counts");
        if (!hits_)
            return countOf("SELECT count(*) FROM copies c WHERE " + filter_.sql);
        std::int64_t count = 0;
        Query ids = db_.query("SELECT c.id FROM copies c WHERE " + filter_.sql);
        bindFilter(ids);
        while (ids.step())
            count += isHit(ids.integer(0));
        return count;
    }

    /// Ids and keys of one page and one row more.
    std::vector<Mark> walk(int size) {
        std::vector<Mark> marks;
        if (hits_ && hits_->empty())
            return marks;
        const bool few = hits_ && hits_->size() <= fewHits;
        const auto mark = markOf(query_.page);
        const std::string key = order_.key;
        const char* beyond = order_.down ? "<" : ">";
        const char* direction = order_.down ? " DESC" : "";
        Query rows =
            db_.query("SELECT " + key + ", c.id FROM " +
                      (few ? "json_each(?) h CROSS JOIN copies c ON c.id = h.value" : "copies c") +
                      " WHERE " + filter_.sql +
                      (mark ? " AND (" + key + ", c.id) " + beyond + " (?, ?)" : "") +
                      " ORDER BY " + key + direction + ", c.id" + direction);
        if (few)
            rows.with(hitList());
        bindFilter(rows);
        if (mark)
            bindMark(rows, *mark);
        while (marks.size() < static_cast<std::size_t>(size) && rows.step())
            if (few || isHit(rows.integer(1)))
                marks.push_back(
                    {order_.text ? json::Value(rows.text(0)) : json::Value(rows.integer(0)),
                     rows.integer(1)});
        return marks;
    }

private:
    bool isHit(std::int64_t id) const {
        return !hits_ || std::binary_search(hits_->begin(), hits_->end(), id);
    }

    void bindFilter(Query& query) const {
        for (const std::int64_t value : filter_.values)
            query.with(value);
    }

    std::int64_t countOf(const std::string& sql) {
        Query count = db_.query(sql);
        bindFilter(count);
        count.step();
        return count.integer(0);
    }

    std::string hitList() const {
        std::string list = "[";
        for (const std::int64_t id : *hits_)
            list += (list.size() > 1 ? "," : "") + std::to_string(id);
        return list + "]";
    }

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
    Filter filter_;
    std::optional<std::vector<std::int64_t>> hits_; ///< rising
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
