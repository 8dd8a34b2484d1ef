#include "engine/execution/vu_deal.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "engine/execution/vu_needs.h"

namespace perigee {
namespace {

uint64_t share_of(int64_t vus, uint32_t first, uint32_t worker, uint32_t workers) {
  const Stripe stripe{(worker + workers - first) % workers, workers};
  return stripe.share(static_cast<uint64_t>(vus));
}

// The VUs that a scenario keeps for its whole length, for the choice of its first worker.
struct Stay {
  Duration from;
  Duration until;
  int64_t vus;
  uint32_t first;
};

// What a choice costs: the VUs that are made in all, then those of the worker that has most.
using Cost = std::pair<uint64_t, uint64_t>;

Cost cost_of(const std::vector<Stay>& stays, uint32_t workers) {
  Cost cost{0, 0};
  for (uint32_t worker = 0; worker < workers; ++worker) {
    uint64_t most = 0;
    // The need can only rise when a scenario starts.
    for (const Stay& rising : stays) {
      uint64_t need = 0;
      for (const Stay& other : stays) {
        if (other.from > rising.from || other.until <= rising.from) continue;
        need += share_of(other.vus, other.first, worker, workers);
      }
      most = std::max(most, need);
    }
    cost.first += most;
    cost.second = std::max(cost.second, most);
  }
  return cost;
}

// Of the workers that make the choice cheapest, the first.
uint32_t best_first(std::vector<Stay>& stays, uint32_t workers) {
  uint32_t best = 0;
  Cost least = cost_of(stays, workers);
  for (uint32_t first = 1; first < workers; ++first) {
    stays.back().first = first;
    const Cost cost = cost_of(stays, workers);
    if (cost < least) std::tie(least, best) = std::pair(cost, first);
  }
  return best;
}

std::vector<uint32_t> choose_first(const std::vector<Scenario>& scenarios, uint32_t workers) {
  std::vector<size_t> order(scenarios.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return scenarios[a].start_time < scenarios[b].start_time;
  });
  std::vector<uint32_t> chosen(scenarios.size());
  std::vector<Stay> stays;
  for (const size_t i : order) {
    const Scenario& scenario = scenarios[i];
    stays.push_back({scenario.start_time,
                     scenario.start_time + scenario.duration() + scenario.graceful_stop,
                     scenario.planned_vus(), 0});
    stays.back().first = chosen[i] = best_first(stays, workers);
  }
  return chosen;
}

}  // namespace

VuDeal::VuDeal(const std::vector<Scenario>& scenarios, uint32_t workers)
    : workers_(workers), first_(choose_first(scenarios, workers)), planned_(workers) {
  const auto changes = all_changes(scenarios);
  for (uint32_t worker = 0; worker < workers; ++worker) {
    planned_[worker] = most_at_one_time(changes, scenarios.size(), [&](const VuChange& change) {
      return share_of(change.need.planned, first_[change.scenario], worker, workers);
    });
  }
}

Stripe VuDeal::stripe(size_t scenario, size_t worker) const {
  return {(worker + workers_ - first_[scenario]) % workers_, workers_};
}

}  // namespace perigee
