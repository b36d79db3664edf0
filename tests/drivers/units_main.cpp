/// Boost.Test's main() for the drivers' unit tests; the cases are in the files beside it.
#include <boost/test/unit_test.hpp>
