import Daemon
package import JSONText
import Keys
import Neurons
import Primitives

extension RunReport {
  /// The document, in the order that this room's article lists.
  package var document: JSONValue {
    [
      "format_version": JSONValue(RunReport.formatVersion), "subnet": .text(subnet),
      "netuid": JSONValue(netuid.value), "height": JSONValue(height.value),
      "state_root": .text("\(stateRoot)"), "issuance_rao": JSONValue(issuance.value),
      "supply": supply.document, "ready_ms": milliseconds(times.ready),
      "first_weights_ms": milliseconds(times.firstWeights),
      "first_settlement_ms": milliseconds(times.firstSettlement),
      "neurons": .list(neurons.map(\.document)), "epochs": .list(epochs.map(\.document)),
      "missed_epochs": JSONValue(missedEpochs),
    ]
  }

  private func milliseconds(_ duration: Duration?) -> JSONValue {
    duration.map { JSONValue($0.wholeMilliseconds) } ?? .null
  }
}

extension RunReport.Supply {
  fileprivate var document: JSONValue {
    [
      "balances_rao": JSONValue(balances), "root_stake_rao": JSONValue(rootStake),
      "pool_reserves_rao": JSONValue(poolReserves),
    ]
  }
}

extension RunReport.Neuron {
  fileprivate var document: JSONValue {
    [
      "uid": JSONValue(uid.value), "role": .text(role), "name": .text(name),
      "hotkey": .text(hotkey.account.address), "coldkey": .text(coldkey.account.address),
      "stake_rao": JSONValue(stake), "incentive": JSONValue(incentive),
      "dividends": JSONValue(dividends), "emission_total_rao": JSONValue(emissionTotal),
      "miner_emission_total_rao": JSONValue(minerEmissionTotal), "tasks": tasks.document,
      "k": order.map { JSONValue($0) } ?? .null, "score": score.map { .fixed(Int64($0 * 10_000), digits: 4) } ?? .null,
      "measure": measure.map {
        ["name": .text($0.name), "mean": .fixed(Int64(($0.mean * 10_000).rounded()), digits: 4)]
      }
        ?? .null,
      "last_weights_block": lastWeights.map { JSONValue($0.value) } ?? .null,
    ]
  }
}

extension TaskCounts {
  fileprivate var document: JSONValue {
    [
      "sent": JSONValue(sent), "answered": JSONValue(answered),
      "refused": JSONValue(refused), "timed_out": JSONValue(timedOut),
    ]
  }
}

extension EpochSummary {
  /// One epoch, as reports and the lines of `--json` have it.
  package var document: JSONValue {
    [
      "epoch": JSONValue(index), "block": JSONValue(block.value), "settled": .flag(isSettled),
      "neurons": .list(
        rows.map { row in
          [
            "uid": JSONValue(row.uid.value), "incentive": JSONValue(row.incentive),
            "dividends": JSONValue(row.dividends), "emission_rao": JSONValue(row.emission),
            "miner_emission_rao": JSONValue(row.minerEmission),
          ]
        }),
    ]
  }
}
