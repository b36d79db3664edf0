#include "core/pressing_facts.hpp"
#include "core/question.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace gatefold;

namespace {

struct Facts {
    std::string country = {}, catno = {};
    int year = 0;
    std::string format_text = {};
    std::vector<std::string> runouts = {};
};

/// Candidates 1, 2, 3 ... with these facts; empty and 0 = not known.
std::vector<Candidate> pressings(const std::vector<Facts>& facts) {
    std::vector<Candidate> out;
    for (const Facts& f : facts) {
        Release release;
        release.release_id = static_cast<ReleaseId>(out.size()) + 1;
        if (!f.country.empty())
            release.country = f.country;
        if (f.year != 0)
            release.year = f.year;
        release.labels = {{"Label", f.catno}};
        release.formats = {{"Vinyl", 1, f.format_text, {"LP"}}};
        out.push_back(candidateOf(release, MatchKind::exact, "barcode"));
        out.back().runouts = f.runouts;
    }
    return out;
}

/// "country: UK [1 3] | US [2]", or "none".
std::string said(const std::optional<Question>& question) {
    if (!question)
        return "none";
    std::string out(nameOf(question->about));
    out += ":";
    for (const Answer& answer : question->answers) {
        out += out.back() == ':' ? " " : " | ";
        out += answer.value + " [";
        for (const ReleaseId id : answer.release_ids)
            out += (out.back() == '[' ? "" : " ") + std::to_string(id);
        out += "]";
    }
    return out;
}

std::string asked(const std::vector<Facts>& facts, const std::vector<QuestionField>& unknown = {}) {
    return said(goodQuestion(pressings(facts), unknown));
}

} // namespace

BOOST_AUTO_TEST_SUITE(question)

BOOST_AUTO_TEST_CASE(the_field_that_leaves_the_fewest_on_average_is_asked) {
    // country 9 + 1 = 10, catno 4 + 4 = 8, year 1 + 1 + 1 + 1 = 4
    BOOST_TEST(
        asked(
            {{"US", "A 1", 1971}, {"US", "A 1", 1972}, {"US", "B 2", 1973}, {"UK", "B 2", 1974}}) ==
        "year: 1971 [1] | 1972 [2] | 1973 [3] | 1974 [4]");
    BOOST_TEST(asked({{"US", "A 1"}, {"US", "A 1"}, {"US", "B 2"}, {"UK", "B 2"}}) ==
               "catno: A 1 [1 2] | B 2 [3 4]");
}

BOOST_AUTO_TEST_CASE(ties_go_by_country_catno_year_colour_runout) {
    std::vector<Facts> facts{{"US", "A 1", 1971, "Red", {"XX-1"}},
                             {"UK", "B 2", 1972, "Blue", {"XX-2"}}};
    BOOST_TEST(asked(facts) == "country: UK [2] | US [1]");
    std::vector<QuestionField> unknown{QuestionField::country};
    BOOST_TEST(asked(facts, unknown) == "catno: A 1 [1] | B 2 [2]");
    unknown.push_back(QuestionField::catno);
    BOOST_TEST(asked(facts, unknown) == "year: 1971 [1] | 1972 [2]");
    unknown.push_back(QuestionField::year);
    BOOST_TEST(asked(facts, unknown) == "colour: Blue [2] | Red [1]");
    unknown.push_back(QuestionField::colour);
    BOOST_TEST(asked(facts, unknown) == "runout: XX-1 [1] | XX-2 [2]");
    unknown.push_back(QuestionField::runout);
    BOOST_TEST(asked(facts, unknown) == "none");
}

BOOST_AUTO_TEST_CASE(a_field_that_is_not_known_is_not_asked_again) {
    BOOST_TEST(asked({{"US", "A 1"}, {"UK", "A 1"}}, {QuestionField::country}) == "none");
}

BOOST_AUTO_TEST_CASE(four_values_are_four_answers) {
    BOOST_TEST(asked({{"US"}, {"UK"}, {"Japan"}, {"Italy"}, {"UK"}}) ==
               "country: UK [2 5] | Italy [4] | Japan [3] | US [1]");
}

BOOST_AUTO_TEST_CASE(of_more_than_four_values_the_three_largest_stand_and_the_rest_is_other) {
    BOOST_TEST(asked({{"US"}, {"US"}, {"US"}, {"UK"}, {"UK"}, {"Japan"}, {"Italy"}, {"France"}}) ==
               "country: US [1 2 3] | UK [4 5] | France [8] | other [6 7]");
}

BOOST_AUTO_TEST_CASE(the_rest_counts_as_one_answer_when_fields_are_compared) {
    // Five countries: 1 + 1 + 1 + 4 = 7; two catalogue numbers: 9 + 4 = 13; both beat nothing.
    BOOST_TEST(asked({{"US", "A"}, {"UK", "A"}, {"Japan", "A"}, {"Italy", "B"}, {"Greece", "B"}}) ==
               "country: Greece [5] | Italy [4] | Japan [3] | other [1 2]");
    // Ten countries: 1 + 1 + 1 + 49 = 52; two catalogue numbers: 25 + 25 = 50.
    std::vector<Facts> ten;
    for (const char* country : {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J"})
        ten.push_back({country, ten.size() < 5 ? "X" : "Y"});
    BOOST_TEST(asked(ten) == "catno: X [1 2 3 4 5] | Y [6 7 8 9 10]");
}

BOOST_AUTO_TEST_CASE(a_release_without_the_field_stays_under_every_answer) {
    BOOST_TEST(asked({{"US"}, {"UK"}, {""}}) == "country: UK [2 3] | US [1 3]");
    BOOST_TEST(asked({{"A"}, {"B"}, {"C"}, {"D"}, {"E"}, {""}}) ==
               "country: A [1 6] | B [2 6] | C [3 6] | other [4 5 6]");
    // Silence costs: country 4 + 4 = 8 of three, year 1 + 4 = 5.
    BOOST_TEST(asked({{"US", "", 1971}, {"UK", "", 1972}, {"", "", 1972}}) ==
               "year: 1972 [2 3] | 1971 [1]");
}

BOOST_AUTO_TEST_CASE(one_value_and_silence_split_nothing) {
    BOOST_TEST(asked({{"US"}, {"US"}, {""}}) == "none");
    BOOST_TEST(asked({{"US"}, {""}}) == "none");
}

BOOST_AUTO_TEST_CASE(nothing_to_tell_apart_is_no_question) {
    BOOST_TEST(asked({}) == "none");
    BOOST_TEST(asked({{"US", "A 1", 1971, "Red", {"X"}}}) == "none");
    BOOST_TEST(asked({{"US", "A 1", 1971, "Red", {"X"}}, {"US", "A 1", 1971, "Red", {"X"}}}) ==
               "none");
}

BOOST_AUTO_TEST_CASE(the_same_candidate_twice_is_one) {
    auto candidates = pressings({{"US"}, {"UK"}});
    candidates.push_back(candidates.front());
    BOOST_TEST(said(goodQuestion(candidates)) == "country: UK [2] | US [1]");
}

BOOST_AUTO_TEST_CASE(spellings_are_one_answer_in_the_usual_one) {
    BOOST_TEST(
        asked(
            {{"", "SD-8216"}, {"", "sd 8216"}, {"", "SD 8216"}, {"", "SD 8216"}, {"", "50161"}}) ==
        "catno: SD 8216 [1 2 3 4] | 50161 [5]");
    BOOST_TEST(asked({{"", "SD 8216"}, {"", "SD-8216"}, {"", "50161"}}) ==
               "catno: SD 8216 [1 2] | 50161 [3]");
    BOOST_TEST(asked({{"Us"}, {"US"}}) == "none");
}

BOOST_AUTO_TEST_CASE(entries_that_say_nothing_are_no_values) {
    BOOST_TEST(asked({{"", "none"}, {"", "A 1"}, {"", "---"}, {"", "Unknown"}}) == "none");
    BOOST_TEST(asked({{"other"}, {"US"}}) == "none");
    BOOST_TEST(asked({{"", "", -5}, {"", "", 1980}}) == "none");
}

BOOST_AUTO_TEST_CASE(several_catalogue_numbers_are_one_value_together) {
    auto candidates = pressings({{"", "SD 8216"}, {"", "SD 8216"}});
    candidates[1].labels.push_back({"Another", "50 161"});
    candidates[1].labels.push_back({"A third", "SD-8216"});
    BOOST_TEST(said(goodQuestion(candidates)) == "catno: 50 161 / SD 8216 [2] | SD 8216 [1]");
}

BOOST_AUTO_TEST_CASE(a_colour_is_the_same_in_any_word_order) {
    BOOST_TEST(asked({{"", "", 0, "Red Transparent"},
                      {"", "", 0, "180 Gram, Transparent Red Vinyl"},
                      {"", "", 0, "Gatefold"},
                      {"", "", 0, "Clear"}}) == "colour: Red Transparent [1 2 3] | Clear [3 4]");
}

BOOST_AUTO_TEST_CASE(runouts_show_what_differs) {
    BOOST_TEST(asked({{"", "", 0, "", {"STERLING", "ABC-1"}},
                      {"", "", 0, "", {"ABC 2", "STERLING"}},
                      {"", "", 0, "", {}}}) == "runout: ABC-1 [1 3] | ABC 2 [2 3]");
    BOOST_TEST(asked({{"", "", 0, "", {"STERLING"}}, {"", "", 0, "", {"STERLING", "ABC-1"}}}) ==
               "runout: ABC-1 / STERLING [2] | STERLING [1]");
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut_but_their_values_are_whole) {
    const std::string line(300, 'A');
    const auto question =
        goodQuestion(pressings({{"", "", 0, "", {line}}, {"", "", 0, "", {"B"}}}));
    BOOST_TEST(question->answers[0].value.size() == 300U);
    BOOST_TEST(question->answers[0].text.size() < 130U);
    BOOST_TEST(answerOf(*question, line) == &question->answers[0]);
}

BOOST_AUTO_TEST_CASE(questions_are_short_sentences) {
    const auto texts = [](const std::vector<Facts>& facts) {
        const auto question = goodQuestion(pressings(facts));
        return question->text + " " + question->answers.back().text;
    };
    BOOST_TEST(texts({{"A"}, {"B"}, {"C"}, {"D"}, {"E"}}) ==
               "Which country is printed on it? Another country");
    BOOST_TEST(texts({{"", "A"}, {"", "B"}}) == "Which catalogue number is printed on it? B");
    BOOST_TEST(texts({{"", "", 1971}, {"", "", 1972}}) == "Which year is printed on it? 1972");
    BOOST_TEST(texts({{"", "", 0, "Red"}, {"", "", 0, "Blue"}}) ==
               "Which colour is the record? Red");
    BOOST_TEST(texts({{"", "", 0, "", {"X"}}, {"", "", 0, "", {"Y"}}}) ==
               "What is written in the runout, beside the label? Y");
}

BOOST_AUTO_TEST_CASE(the_order_of_the_candidates_changes_nothing) {
    auto candidates = pressings({{"US", "A-1", 1971, "Red", {"X", "Z"}},
                                 {"UK", "a 1", 1971, "", {"Y", "Z"}},
                                 {"", "B 2", 1984, "Clear Red", {}},
                                 {"Japan", "C", 0, "Blue", {"Y"}},
                                 {"Italy", "C", 1984, "", {"Y", "X"}},
                                 {"France", "", 1990, "Red clear", {"Q"}}});
    std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
    for (const auto& unknown : {std::vector<QuestionField>{},
                                {QuestionField::country},
                                {QuestionField::catno},
                                {QuestionField::country, QuestionField::catno, QuestionField::year},
                                {QuestionField::country, QuestionField::catno, QuestionField::year,
                                 QuestionField::colour}}) {
        const auto expected = goodQuestion(candidates, unknown);
        BOOST_REQUIRE(expected.has_value());
        int differing = 0;
        do {
            std::vector<Candidate> shuffled;
            for (const std::size_t i : order)
                shuffled.push_back(candidates[i]);
            differing += goodQuestion(shuffled, unknown) != expected ? 1 : 0;
        } while (std::next_permutation(order.begin(), order.end()));
        BOOST_TEST(differing == 0);
    }
}

BOOST_AUTO_TEST_CASE(every_answer_leaves_fewer_so_that_asking_comes_to_an_end) {
    auto candidates =
        pressings({{"US"}, {"UK"}, {"Japan"}, {"Italy"}, {"France"}, {"Spain"}, {""}});
    int asked_times = 0;
    while (const auto question = goodQuestion(candidates)) {
        const std::vector<ReleaseId> left = question->answers.back().release_ids;
        BOOST_REQUIRE(left.size() < candidates.size());
        std::erase_if(candidates, [&](const Candidate& c) {
            return std::find(left.begin(), left.end(), c.release_id) == left.end();
        });
        ++asked_times;
    }
    BOOST_TEST(asked_times == 2);
    BOOST_TEST(candidates.size() == 2U); // one of the rest, and the one that says nothing
}

BOOST_AUTO_TEST_CASE(an_answer_is_found_by_value_then_by_case_and_signs) {
    const auto question = goodQuestion(pressings({{"", "SD 8216"}, {"", "50-161"}}));
    BOOST_TEST(answerOf(*question, "SD 8216")->value == "SD 8216");
    BOOST_TEST(answerOf(*question, "50161")->value == "50-161");
    BOOST_TEST(answerOf(*question, "SD 82") == nullptr);
    BOOST_TEST(answerOf(*question, "") == nullptr);
    BOOST_TEST(answerOf(*question, "other") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(pressing_facts)

BOOST_AUTO_TEST_CASE(the_colour_is_read_out_of_the_formats_words) {
    const auto colour = [](const std::string& text) {
        return colourOf({{"Vinyl", 1, text, {}}}).value_or("-");
    };
    BOOST_TEST(colour("Red") == "Red");
    BOOST_TEST(colour("Yellow Vinyl") == "Yellow");
    BOOST_TEST(colour("180 Gram, Transparent Blue") == "Transparent Blue");
    BOOST_TEST(colour("Black w/ White Splatter") == "Black w/ White Splatter");
    BOOST_TEST(colour("Forest Green; Limited") == "Forest Green");
    BOOST_TEST(colour("180 Gram") == "-");
    BOOST_TEST(colour("Gatefold") == "-");
    BOOST_TEST(colour("Jacksonville Pressing") == "-");
    BOOST_TEST(colour("Orange Sleeve") == "-");
    BOOST_TEST(colour("Plum coloured labels") == "-");
    BOOST_TEST(colour("Reduced") == "-");
    BOOST_TEST(colour("") == "-");
    BOOST_TEST(colour("Vinyl") == "-");
    BOOST_TEST(colour(",,;") == "-");
}

BOOST_AUTO_TEST_CASE(two_records_of_two_colours_name_both) {
    BOOST_TEST(*colourOf({{"Vinyl", 1, "Red", {}}, {"Vinyl", 1, "Blue", {}}}) == "Red / Blue");
    BOOST_TEST(*colourOf({{"Vinyl", 1, "Red", {}}, {"Vinyl", 1, "Red Vinyl", {}}}) == "Red");
}

BOOST_AUTO_TEST_CASE(runouts_are_the_identifiers_of_that_type) {
    const auto runouts = runoutsOf({{IdentifierType::runout, " A-1 ", {}},
                                    {IdentifierType::barcode, "5012394144777", {}},
                                    {IdentifierType::runout, "A-1", {}},
                                    {IdentifierType::runout, "B-1", {}}});
    BOOST_TEST(runouts == (std::vector<std::string>{"A-1", "B-1"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
