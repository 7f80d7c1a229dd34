#pragma once
// What all transfers of a run share.

#include "cli/bandwidth_limit.hpp"
#include "cli/console.hpp"
#include "cli/fetch_options.hpp"
#include "cli/file_naming.hpp"
#include "cli/job_source.hpp"
#include "cli/output_directory.hpp"
#include "cli/rate_pacer.hpp"
#include "cli/retry_policy.hpp"
#include "cli/sole_url.hpp"
#include "cli/standard_output.hpp"

namespace rondo::cli {

/// Outlives the transfers.
struct TransferContext {
  const FetchOptions& options;
  Console& console;
  StandardOutput& output;
  OutputDirectory* directory = nullptr;  ///< null: bodies are not saved
  FileNaming naming;
  FileNames& names;  ///< taken without a keeper, who has his own
  SoleUrl& sole;
  RatePacer pacer;
  RetryPolicy retries;
  BandwidthLimit bandwidth;
  /// Keeps half files and commits whole ones; null: nobody, they are removed and committed by the
  /// transfers.
  JobSource* keeper = nullptr;
};

}  // namespace rondo::cli
