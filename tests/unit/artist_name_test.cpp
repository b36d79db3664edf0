#include "core/artist_name.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;

BOOST_AUTO_TEST_SUITE(artist_name)

BOOST_AUTO_TEST_CASE(the_number_that_tells_equal_names_apart_is_not_shown) {
    BOOST_TEST(shownArtist("Nirvana (2)") == "Nirvana");
    BOOST_TEST(shownArtist("John Smith (123)") == "John Smith");
    BOOST_TEST(shownArtist("Nirvana (2) & Chicago (14)") == "Nirvana & Chicago");
    BOOST_TEST(shownArtist("Air (7), Phoenix (3), Daft Punk") == "Air, Phoenix, Daft Punk");
    BOOST_TEST(shownArtist("Björk (2) Feat. 椎名林檎 (3)") == "Björk Feat. 椎名林檎");
}

BOOST_AUTO_TEST_CASE(other_brackets_belong_to_the_name) {
    for (const char* name :
         {"", "Kraftwerk", "Sunn O)))", "Prince (The Artist)", "Class Of (1999)", "(2)", " (2)x",
          "Band (2)nd", "Band (2", "Band ()", "Band(2)", "Blink (-1)", "(21) Pilots"})
        BOOST_TEST(shownArtist(name) == name);
}

BOOST_AUTO_TEST_SUITE_END()
