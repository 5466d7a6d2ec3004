#include "common/metrics/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/time/clock.h"

namespace okr::metrics {
namespace {

Samples One(double value) { return {{.labels = {}, .value = value}}; }

Samples ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  if (!(file >> pages >> resident)) return {};
  return One(resident * static_cast<double>(sysconf(_SC_PAGESIZE)));
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

Samples CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return One(Seconds(usage.ru_utime) + Seconds(usage.ru_stime));
}

// One of them is the folder itself, while it is read.
Samples OpenFiles() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return {};
  return One(static_cast<double>(std::distance(begin(files), end(files)) - 1));
}

Samples MaxFiles() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return One(static_cast<double>(limit.rlim_cur));
}

}  // namespace

void ShowProcess(Registry& registry) {
  registry.ShowGauges({"process_resident_memory_bytes", "Memory that is in use"}, ResidentBytes);
  registry.ShowCounters({"process_cpu_seconds_total", "Processor time, of user and system"},
                        CpuSeconds);
  registry.ShowGauges({"process_open_fds", "Open files and sockets"}, OpenFiles);
  registry.ShowGauges({"process_max_fds", "Files and sockets that may be open"}, MaxFiles);
  registry.ShowGauges(
      {"process_start_time_seconds", "When the process started, in Unix time"},
      [start = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch())] { return One(start); });
}

}  // namespace okr::metrics
