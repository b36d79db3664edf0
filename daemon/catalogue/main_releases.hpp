#pragma once

#include <filesystem>
#include <stop_token>
#include <vector>

namespace gatefold::catalogue {

/// The main releases that a masters dump names, by release id: releases dumps before about 2019 do
/// not mark them. Damaged masters are left out. Throws Error `malformed` when it is no masters dump
/// or not whole, `conflict` when stopped.
std::vector<bool> mainReleasesOf(const std::filesystem::path& masters, const std::stop_token& stop);

} // namespace gatefold::catalogue
