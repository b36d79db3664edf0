#pragma once

#include "core/fields.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace gatefold {

/// Goldmine grades; the last three are for sleeves only. In the order of the control cards' values.
enum class Grade { m, nm, vgPlus, vg, gPlus, g, f, p, generic, noCover, notGraded };
template <>
struct EnumNames<Grade> {
    static constexpr std::array<std::pair<Grade, std::string_view>, 11> names{{
        {Grade::m, "M"},
        {Grade::nm, "NM"},
        {Grade::vgPlus, "VG+"},
        {Grade::vg, "VG"},
        {Grade::gPlus, "G+"},
        {Grade::g, "G"},
        {Grade::f, "F"},
        {Grade::p, "P"},
        {Grade::generic, "Generic"},
        {Grade::noCover, "No cover"},
        {Grade::notGraded, "Not graded"},
    }};
};

/// Whether a medium (not only a sleeve) can have this grade.
constexpr bool isMediaGrade(Grade grade) {
    return grade <= Grade::p;
}

} // namespace gatefold
