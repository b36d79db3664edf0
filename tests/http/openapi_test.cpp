#include "http/openapi.hpp"
#include "http/problem.hpp"
#include "http/routes.hpp"
#include "json/write.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>

using namespace gatefold;
using namespace gatefold::http;

namespace {

const std::string fixture = GATEFOLD_SOURCE_DIR "/tests/fixtures/openapi.json";

std::string contentOf(const std::string& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

/// Calls `one(path, method, operation)` for each operation.
void eachOperation(
    const json::Value& document,
    const std::function<void(const std::string&, const std::string&, const json::Value&)>& one) {
    for (const auto& [path, item] : *document.find("paths")->object())
        for (const auto& [method, operation] : *item.object())
            one(path, method, operation);
}

void eachReference(const json::Value& value, const std::function<void(const std::string&)>& one) {
    if (const json::Array* array = value.array())
        for (const json::Value& item : *array)
            eachReference(item, one);
    if (const json::Object* object = value.object())
        for (const auto& [name, member] : *object) {
            if (name == "$ref" && member.string())
                one(*member.string());
            eachReference(member, one);
        }
}

} // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(the_kept_document_is_the_generated_one) {
    // GATEFOLD_REWRITE=1 test_http writes it anew: the change is then a diff to look at.
    const std::string text = json::writePretty(apiDocument());
    if (std::getenv("GATEFOLD_REWRITE"))
        std::ofstream(fixture) << text;
    BOOST_TEST((contentOf(fixture) == text), "tests/fixtures/openapi.json is not what the routes "
                                             "say: look at the change, then run test_http with "
                                             "GATEFOLD_REWRITE=1");
}

BOOST_AUTO_TEST_CASE(every_route_is_documented_under_a_name_of_its_own) {
    const json::Value document = apiDocument();
    std::set<std::string> ids;
    std::size_t count = 0;
    eachOperation(document, [&](const std::string& path, const std::string& method,
                                const json::Value& operation) {
        ++count;
        BOOST_TEST(ids.insert(*operation.find("operationId")->string()).second,
                   path << " " << method);
        BOOST_TEST(!operation.find("summary")->string()->empty());
        BOOST_TEST(operation.find("x-permission")->string() != nullptr);
    });
    BOOST_TEST(count == routes().size());
}

BOOST_AUTO_TEST_CASE(references_lead_somewhere) {
    const json::Value document = apiDocument();
    const json::Value* components = document.find("components");
    std::size_t count = 0;
    eachReference(document, [&](const std::string& reference) {
        ++count;
        const std::string prefix = "#/components/";
        BOOST_TEST_REQUIRE(reference.starts_with(prefix), reference);
        const std::string name = reference.substr(prefix.size());
        const json::Value* kind = components->find(name.substr(0, name.find('/')));
        BOOST_TEST_REQUIRE(kind != nullptr, reference);
        BOOST_TEST(kind->find(name.substr(name.find('/') + 1)) != nullptr, reference);
    });
    BOOST_TEST(count > 100u);
}

BOOST_AUTO_TEST_CASE(every_problem_is_a_problem_document) {
    const json::Value document = apiDocument();
    eachOperation(document, [&](const std::string& path, const std::string& method,
                                const json::Value& operation) {
        for (const auto& [status, response] : *operation.find("responses")->object()) {
            if (status < "400")
                continue;
            BOOST_TEST(*response.find("$ref")->string() == "#/components/responses/Problem",
                       path << " " << method << " " << status);
        }
    });
    const json::Value* problem = document.find("components")->find("responses")->find("Problem");
    BOOST_TEST(problem->find("content")->find("application/problem+json") != nullptr);
}

BOOST_AUTO_TEST_CASE(parameters_of_paths_are_listed) {
    eachOperation(apiDocument(), [](const std::string& path, const std::string&,
                                    const json::Value& operation) {
        std::size_t in_path = 0;
        if (const json::Value* parameters = operation.find("parameters"))
            for (const json::Value& parameter : *parameters->array()) {
                BOOST_TEST(parameter.find("schema") != nullptr);
                if (*parameter.find("in")->string() == "path")
                    in_path +=
                        path.find("{" + *parameter.find("name")->string() + "}") != path.npos;
            }
        BOOST_TEST(in_path == static_cast<std::size_t>(std::count(path.begin(), path.end(), '{')),
                   path);
    });
}

BOOST_AUTO_TEST_CASE(only_these_routes_are_open_to_anybody) {
    std::set<std::string> open;
    for (const Route& route : routes())
        if (route.permission == Permission::open)
            open.insert(std::string(nameOfMethod(route.method)) + " " + std::string(route.path));
    const std::set<std::string> expected{"GET /healthz",           "GET /api/openapi.json",
                                         "GET /covers/{name}.jpg", "GET /api/v1/setup",
                                         "POST /api/v1/setup",     "POST /api/v1/session"};
    BOOST_TEST(open == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_error_code_has_a_status) {
    BOOST_TEST(statusOf(ErrorCode::malformed) == 400);
    BOOST_TEST(statusOf(ErrorCode::invalid) == 422);
    BOOST_TEST(statusOf(ErrorCode::unauthenticated) == 401);
    BOOST_TEST(statusOf(ErrorCode::forbidden) == 403);
    BOOST_TEST(statusOf(ErrorCode::notFound) == 404);
    BOOST_TEST(statusOf(ErrorCode::methodNotAllowed) == 405);
    BOOST_TEST(statusOf(ErrorCode::conflict) == 409);
    BOOST_TEST(statusOf(ErrorCode::noRecord) == 409);
    BOOST_TEST(statusOf(ErrorCode::lengthRequired) == 411);
    BOOST_TEST(statusOf(ErrorCode::preconditionFailed) == 412);
    BOOST_TEST(statusOf(ErrorCode::tooLarge) == 413);
    BOOST_TEST(statusOf(ErrorCode::unsupportedMedia) == 415);
    BOOST_TEST(statusOf(ErrorCode::preconditionRequired) == 428);
    BOOST_TEST(statusOf(ErrorCode::rateLimited) == 429);
    BOOST_TEST(statusOf(ErrorCode::internal) == 500);
    BOOST_TEST(statusOf(ErrorCode::unusableStore) == 500);
    BOOST_TEST(statusOf(ErrorCode::unavailable) == 503);
    BOOST_TEST(statusOf(ErrorCode::diskFull) == 507);
}

BOOST_AUTO_TEST_SUITE_END()
