#include "core/question.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace gatefold {

namespace {

constexpr std::size_t mostAnswers = 4;
constexpr std::size_t longestAnswerText = 120;
constexpr std::string_view joint = " / ";
/// Entries that say that nothing is known.
constexpr std::array<std::string_view, 4> sayingNothing{"", "none", "unknown", otherAnswer};

using Values = std::vector<std::string>;

Values countryOf(const Candidate& candidate) {
    return candidate.country ? Values{*candidate.country} : Values{};
}

Values catnosOf(const Candidate& candidate) {
    Values values;
    for (const LabelCatno& label : candidate.labels)
        values.push_back(label.catno);
    return values;
}

Values yearOf(const Candidate& candidate) {
    return candidate.year && *candidate.year > 0 ? Values{std::to_string(*candidate.year)}
                                                 : Values{};
}

Values colourWordsOf(const Candidate& candidate) {
    return candidate.colour ? Values{*candidate.colour} : Values{};
}

Values runoutLinesOf(const Candidate& candidate) {
    return candidate.runouts ? static_cast<const Values&>(*candidate.runouts) : Values{};
}

/// Letters and digits: case, blanks and signs do not tell two prints apart.
std::string withoutSigns(std::string_view text) {
    std::string out;
    for (const char c : asciiLower(text))
        if ((c >= 'a' && c <= 'z') || isAsciiDigit(c) || static_cast<unsigned char>(c) > 127)
            out += c;
    return out;
}

/// "Red Transparent" is "Transparent red".
std::string sortedWords(std::string_view text) {
    std::multiset<std::string> words;
    std::string word;
    for (const char c : asciiLower(text) + ' ') {
        if ((c >= 'a' && c <= 'z') || isAsciiDigit(c) || static_cast<unsigned char>(c) > 127)
            word += c;
        else if (!word.empty())
            words.insert(std::exchange(word, {}));
    }
    std::string out;
    for (const std::string& each : words)
        out += out.empty() ? each : ' ' + each;
    return out;
}

struct Rule {
    QuestionField field;
    std::string_view text;
    std::string_view other;
    Values (*valuesOf)(const Candidate&);
    std::string (*key)(std::string_view);
    bool only_what_differs; ///< long lists: what all have in common is left out
};
constexpr std::array<Rule, 5> rules{{
    {QuestionField::country, "Which country is printed on it?", "Another country", countryOf,
     withoutSigns, false},
    {QuestionField::catno, "Which catalogue number is printed on it?", "Another number", catnosOf,
     withoutSigns, false},
    {QuestionField::year, "Which year is printed on it?", "Another year", yearOf, withoutSigns,
     false},
    {QuestionField::colour, "Which colour is the record?", "Another colour", colourWordsOf,
     sortedWords, false},
    {QuestionField::runout, "What is written in the runout, beside the label?", "Something else",
     runoutLinesOf, withoutSigns, true},
}};

/// What one candidate says about the field: its values by key.
using Said = std::map<std::string, std::string>;

Said saidBy(const Candidate& candidate, const Rule& rule) {
    Said said;
    for (const std::string& value : rule.valuesOf(candidate)) {
        const std::string key = rule.key(value);
        if (std::find(sayingNothing.begin(), sayingNothing.end(), key) == sayingNothing.end())
            said.emplace(key, trimmed(value));
    }
    return said;
}

/// Leaves out what all who say anything have in common, when each still says something then.
void dropCommon(std::map<ReleaseId, Said>& all) {
    Said common = all.begin()->second;
    for (const auto& speaker : all)
        std::erase_if(common,
                      [&](const auto& part) { return !speaker.second.contains(part.first); });
    for (const auto& [id, said] : all)
        if (said.size() == common.size())
            return;
    for (auto& [id, said] : all)
        std::erase_if(said, [&](const auto& entry) { return common.contains(entry.first); });
}

/// Candidates that say the same.
struct Group {
    std::map<std::string, int> spellings;
    std::vector<ReleaseId> ids;

    /// The usual spelling; of equally usual ones the first by alphabet.
    std::string spelling() const {
        return std::max_element(spellings.begin(), spellings.end(),
                                [](const auto& a, const auto& b) { return a.second < b.second; })
            ->first;
    }
};

std::vector<Group> groupsOf(const std::map<ReleaseId, Said>& all) {
    std::map<std::string, Group> by_key;
    for (const auto& [id, said] : all) {
        std::string key;
        std::string spelling;
        for (const auto& [part_key, part] : said) {
            key += (key.empty() ? "" : "\n") + part_key;
            spelling += (spelling.empty() ? "" : std::string(joint)) + part;
        }
        Group& group = by_key[key];
        ++group.spellings[spelling];
        group.ids.push_back(id);
    }
    std::vector<Group> groups;
    groups.reserve(by_key.size());
    for (auto& [key, group] : by_key)
        groups.push_back(std::move(group));
    std::stable_sort(groups.begin(), groups.end(),
                     [](const Group& a, const Group& b) { return a.ids.size() > b.ids.size(); });
    return groups;
}

std::vector<ReleaseId> joined(std::vector<ReleaseId> a, const std::vector<ReleaseId>& b) {
    a.insert(a.end(), b.begin(), b.end());
    std::sort(a.begin(), a.end());
    return a;
}

std::optional<Question> questionAbout(const Rule& rule,
                                      const std::map<ReleaseId, const Candidate*>& candidates) {
    std::map<ReleaseId, Said> speaking;
    std::vector<ReleaseId> silent;
    for (const auto& [id, candidate] : candidates) {
        if (Said said = saidBy(*candidate, rule); !said.empty())
            speaking.emplace(id, std::move(said));
        else
            silent.push_back(id);
    }
    if (speaking.size() < 2)
        return std::nullopt;
    if (rule.only_what_differs)
        dropCommon(speaking);
    const std::vector<Group> groups = groupsOf(speaking);
    if (groups.size() < 2)
        return std::nullopt;
    Question question{rule.field, std::string(rule.text), {}};
    const std::size_t own = groups.size() <= mostAnswers ? groups.size() : mostAnswers - 1;
    std::vector<ReleaseId> rest;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i >= own) {
            rest = joined(std::move(rest), groups[i].ids);
            continue;
        }
        const std::string value = groups[i].spelling();
        question.answers.push_back(
            {value, shortened(value, longestAnswerText), joined(groups[i].ids, silent)});
    }
    if (!rest.empty())
        question.answers.push_back(
            {std::string(otherAnswer), std::string(rule.other), joined(std::move(rest), silent)});
    return question;
}

/// Σ n²: N is the same for all fields.
std::uint64_t leftOver(const Question& question) {
    std::uint64_t sum = 0;
    for (const Answer& answer : question.answers)
        sum += std::uint64_t{answer.release_ids.size()} * answer.release_ids.size();
    return sum;
}

} // namespace

std::optional<Question> goodQuestion(const std::vector<Candidate>& candidates,
                                     const std::vector<QuestionField>& not_known) {
    std::map<ReleaseId, const Candidate*> by_id;
    for (const Candidate& candidate : candidates)
        by_id.emplace(candidate.release_id, &candidate);
    std::optional<Question> best;
    for (const Rule& rule : rules) {
        if (std::find(not_known.begin(), not_known.end(), rule.field) != not_known.end())
            continue;
        auto question = questionAbout(rule, by_id);
        if (question && (!best || leftOver(*question) < leftOver(*best)))
            best = std::move(question);
    }
    return best;
}

const Answer* answerOf(const Question& question, std::string_view value) {
    for (const Answer& answer : question.answers)
        if (answer.value == value)
            return &answer;
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&](const Rule& r) { return r.field == question.about; });
    const std::string key = rule->key(value);
    for (const Answer& answer : question.answers)
        if (!key.empty() && answer.value != otherAnswer && rule->key(answer.value) == key)
            return &answer;
    return nullptr;
}

} // namespace gatefold
