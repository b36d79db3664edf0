#include "core/role.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;

BOOST_AUTO_TEST_SUITE(roles)

BOOST_AUTO_TEST_CASE(without_a_role_only_open_doors_open) {
    BOOST_TEST(mayDo(std::nullopt, Permission::open));
    BOOST_TEST(!mayDo(std::nullopt, Permission::signedIn));
    BOOST_TEST(!mayDo(std::nullopt, Permission::collectionRead));
}

BOOST_AUTO_TEST_CASE(each_role_of_people_may_all_that_the_one_below_may) {
    for (int p = 0; p <= static_cast<int>(Permission::systemEdit); ++p)
        for (int r = 1; r <= static_cast<int>(Role::admin); ++r)
            if (mayDo(static_cast<Role>(r - 1), static_cast<Permission>(p)))
                BOOST_TEST(mayDo(static_cast<Role>(r), static_cast<Permission>(p)));
}

BOOST_AUTO_TEST_CASE(the_doors_that_matter) {
    BOOST_TEST(!mayDo(Role::viewer, Permission::collectionEdit));
    BOOST_TEST(mayDo(Role::editor, Permission::collectionEdit));
    BOOST_TEST(!mayDo(Role::editor, Permission::accountsEdit));
    BOOST_TEST(mayDo(Role::scanner, Permission::scan));
    BOOST_TEST(!mayDo(Role::scanner, Permission::collectionRead));
    BOOST_TEST(!mayDo(Role::kiosk, Permission::play));
    BOOST_TEST(!mayDo(Role::automation, Permission::accountsEdit));
}

BOOST_AUTO_TEST_CASE(nobody_hands_out_more_than_they_may_themselves) {
    BOOST_TEST(mayGrant(Role::admin, Role::admin));
    BOOST_TEST(mayGrant(Role::admin, Role::automation));
    BOOST_TEST(mayGrant(Role::editor, Role::scanner));
    BOOST_TEST(!mayGrant(Role::editor, Role::admin));
    BOOST_TEST(!mayGrant(Role::viewer, Role::scanner));
    BOOST_TEST(!mayGrant(Role::automation, Role::automation));
}

BOOST_AUTO_TEST_SUITE_END()
