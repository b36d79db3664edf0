#pragma once

#include "core/fields.hpp"
#include "core/ids.hpp"
#include "core/release.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatefold {

/// What a question may be about, in the order that decides between equally good ones.
enum class QuestionField { country, catno, year, colour, runout };
template <>
struct EnumNames<QuestionField> {
    static constexpr std::array<std::pair<QuestionField, std::string_view>, 5> names{{
        {QuestionField::country, "country"},
        {QuestionField::catno, "catno"},
        {QuestionField::year, "year"},
        {QuestionField::colour, "colour"},
        {QuestionField::runout, "runout"},
    }};
};

/// The value of the answer that stands for all that have none of their own.
inline constexpr std::string_view otherAnswer = "other";

struct Answer {
    std::string value; ///< what is sent back
    std::string text;  ///< what people read
    std::vector<ReleaseId> release_ids;
    static constexpr auto fields = fieldList(
        field("value", &Answer::value), field("text", &Answer::text),
        field("release_ids", &Answer::release_ids, "the candidates that this answer leaves"));
    bool operator==(const Answer&) const = default;
};

struct Question {
    QuestionField about = QuestionField::country;
    std::string text;
    std::vector<Answer> answers; ///< two to four, the likeliest first
    static constexpr auto fields =
        fieldList(field("field", &Question::about), field("text", &Question::text),
                  field("answers", &Question::answers));
    bool operator==(const Question&) const = default;
};

/// The one good question about `candidates`: the field whose answers leave the fewest of them on
/// average (Σ n²/N, n what an answer leaves, N all), without the fields that nobody knows.
/// Spellings that differ in case and signs only are one answer; more than four become the three
/// largest and "other"; a candidate without the field stays under every answer. Every answer leaves
/// fewer than there were. Nothing when no field splits. The order of the candidates changes
/// nothing.
std::optional<Question> goodQuestion(const std::vector<Candidate>& candidates,
                                     const std::vector<QuestionField>& not_known = {});

/// The answer of that value: as it stands, else by case and signs; nullptr when there is none.
const Answer* answerOf(const Question& question, std::string_view value);

} // namespace gatefold
