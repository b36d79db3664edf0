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
    const auto may_grant = [](Role maker, Role scope) {
        return rightsOf(maker).include(rightsOf(scope));
    };
    BOOST_TEST(may_grant(Role::admin, Role::admin));
    BOOST_TEST(may_grant(Role::admin, Role::automation));
    BOOST_TEST(may_grant(Role::editor, Role::scanner));
    BOOST_TEST(!may_grant(Role::editor, Role::admin));
    BOOST_TEST(!may_grant(Role::viewer, Role::scanner));
    BOOST_TEST(!may_grant(Role::kiosk, Role::guest));
}

BOOST_AUTO_TEST_CASE(the_common_part_of_two_roles_holds_what_both_may) {
    const Rights both = rightsOf(Role::viewer) & rightsOf(Role::automation);
    BOOST_TEST(both.allow(Permission::play));
    BOOST_TEST(both.allow(Permission::collectionRead));
    BOOST_TEST(!both.allow(Permission::scan));        // automation only
    BOOST_TEST(!both.allow(Permission::devicesRead)); // viewer only
    BOOST_TEST(!Rights().allow(Permission::signedIn));
    BOOST_TEST(Rights().allow(Permission::open));
}

BOOST_AUTO_TEST_SUITE_END()
