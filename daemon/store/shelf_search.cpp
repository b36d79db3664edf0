#include "json/value.hpp"
#include "json/write.hpp"
#include "store/paging.hpp"
#include "store/repositories.hpp"
#include "store/sort_key.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

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
    return *std::find_if(orders.begin(), orders.end(), [&](const Order& o) { return o.sort == sort; });
}

/// Up to this many hits are sorted; more are met on the way along the sorted index.
constexpr std::size_t fewHits = 500;
/// A word that nobody wrote is worth a look at so many words of the shelf.
constexpr int mostWordsLookedAt = 200'000;

/// The nearest word of the shelf for one that has no hit; itself when there is none.
std::string withoutTypo(Connection& db, const std::string& word) {
    constexpr std::size_t shortest = 4;
    if (word.size() < shortest)
        return word;
    Query hits = db.query("SELECT 1 FROM shelf WHERE shelf MATCH ? LIMIT 1");
    if (hits.with(matchExpression({word})).step())
        return word;
    // FTS5 sorts its words: most typos leave the first letter alone, so those words come first.
    for (const bool same_letter : {true, false}) {
        Query words = db.query(same_letter ? "SELECT term FROM shelf_words WHERE term >= ? AND term < ? ORDER BY cnt DESC LIMIT ?"
                                           : "SELECT term FROM shelf_words WHERE term NOT BETWEEN ? AND ? ORDER BY cnt DESC LIMIT ?");
        const std::string first = word.substr(0, 1);
        std::string next = first;
        next[0] = static_cast<char>(next[0] + 1);
        words.with(first, next, mostWordsLookedAt);
        while (words.step()) {
            const std::string term = words.text(0);
            if (withinOneTypo(word, term) || (term.size() > word.size() && withinOneTypo(word, term.substr(0, word.size()))))
                return term;
        }
    }
    return word;
}

std::vector<std::int64_t> matching(Connection& db, const std::string& expression) {
    std::vector<std::int64_t> ids;
    Query query = db.query("SELECT rowid FROM shelf WHERE shelf MATCH ?");
    query.with(expression);
    while (query.step())
        ids.push_back(query.integer(0));
    return ids;
}

/// Ids whose words begin like those of `text`; with a typo forgiven where nothing is found otherwise.
std::vector<std::int64_t> found(Connection& db, const std::string& text) {
    std::vector<std::string> words = searchWords(text);
    const std::string expression = matchExpression(words);
    if (expression.empty())
        return {};
    std::vector<std::int64_t> ids = matching(db, expression);
    if (!ids.empty())
        return ids;
    for (std::string& word : words)
        word = withoutTypo(db, word);
    return matching(db, matchExpression(words));
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
        filter.sql += " AND c.location IN (WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT l.id FROM locations l JOIN below b ON "
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
        if (parts && parts->size() == 2 && (*parts)[1].integer() && ((*parts)[0].string() || (*parts)[0].integer()))
            return Mark{(*parts)[0], *(*parts)[1].integer()};
    } catch (const Error&) {
        // falls through: a cursor that is no JSON is none of ours either
    }
    throw badCursor();
}

class ShelfWalk {
public:
    ShelfWalk(Connection& db, const CopyQuery& query) : db_(db), query_(query), order_(orderOf(query.sort)), filter_(filterOf(query)) {
        if (!searchWords(query.text).empty())
            hits_ = found(db, query.text);
    }

    std::int64_t total() {
        const bool filtered = !filter_.values.empty() || query_.deleted;
        if (hits_ && !filtered)
            return static_cast<std::int64_t>(hits_->size());
        if (!hits_ && !filtered) {
            Query count = db_.query("SELECT copies FROM shelf_counts");
            count.step();
            return count.integer(0);
        }
        Query count = db_.query("SELECT count(*) FROM copies c WHERE " + filter_.sql + amongHits());
        for (const std::int64_t value : filter_.values)
            count.with(value);
        if (hits_)
            count.with(hitList());
        count.step();
        return count.integer(0);
    }

    /// Ids and keys of one page and one row more.
    std::vector<Mark> walk(int size) {
        std::vector<Mark> marks;
        if (hits_ && hits_->empty())
            return marks;
        const bool few = hits_ && hits_->size() <= fewHits;
        std::unordered_set<std::int64_t> wanted;
        if (hits_ && !few)
            wanted.insert(hits_->begin(), hits_->end());
        const auto mark = markOf(query_.page);
        const std::string key = order_.key;
        const char* beyond = order_.down ? "<" : ">";
        const char* direction = order_.down ? " DESC" : "";
        Query rows = db_.query("SELECT " + key + ", c.id FROM copies c WHERE " + filter_.sql + (few ? amongHits() : "") +
                               (mark ? " AND (" + key + ", c.id) " + beyond + " (?, ?)" : "") + " ORDER BY " + key + direction +
                               ", c.id" + direction);
        for (const std::int64_t value : filter_.values)
            rows.with(value);
        if (few)
            rows.with(hitList());
        if (mark)
            bindMark(rows, *mark);
        while (marks.size() < static_cast<std::size_t>(size) && rows.step())
            if (wanted.empty() || wanted.contains(rows.integer(1)))
                marks.push_back({order_.text ? json::Value(rows.text(0)) : json::Value(rows.integer(0)), rows.integer(1)});
        return marks;
    }

private:
    std::string amongHits() const { return hits_ ? " AND c.id IN (SELECT value FROM json_each(?))" : ""; }

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
    std::optional<std::vector<std::int64_t>> hits_;
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
    for (const Mark& mark : marks)
        page.items.push_back(*view(CopyId{mark.id}));
    if (more)
        page.next = json::write(json::Value(json::Array{marks.back().key, marks.back().id}));
    return page;
}

} // namespace gatefold::store
