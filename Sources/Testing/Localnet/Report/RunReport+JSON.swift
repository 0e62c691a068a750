import Daemon
package import JSONText
import Keys
import Primitives

extension RunReport {
  /// The document, in the order that this room's article lists.
  package var document: JSONText.JSONValue {
    [
      "format_version": JSONText.JSONValue(RunReport.formatVersion), "subnet": .text(subnet),
      "netuid": JSONText.JSONValue(netuid.value), "height": JSONText.JSONValue(height.value),
      "state_root": .text("\(stateRoot)"), "issuance_rao": JSONText.JSONValue(issuance.value),
      "supply": supply.document, "ready_ms": milliseconds(times.ready),
      "first_weights_ms": milliseconds(times.firstWeights),
      "first_settlement_ms": milliseconds(times.firstSettlement),
      "neurons": .list(neurons.map(\.document)), "epochs": .list(epochs.map(\.document)),
    ]
  }

  private func milliseconds(_ duration: Duration?) -> JSONText.JSONValue {
    duration.map { JSONText.JSONValue($0.wholeMilliseconds) } ?? .null
  }
}

extension RunReport.Supply {
  fileprivate var document: JSONText.JSONValue {
    [
      "balances_rao": JSONText.JSONValue(balances), "root_stake_rao": JSONText.JSONValue(rootStake),
      "pool_reserves_rao": JSONText.JSONValue(poolReserves),
    ]
  }
}

extension RunReport.Neuron {
  fileprivate var document: JSONText.JSONValue {
    [
      "uid": JSONText.JSONValue(uid.value), "role": .text(role), "name": .text(name),
      "hotkey": .text(hotkey.account.address), "coldkey": .text(coldkey.account.address),
      "stake_rao": JSONText.JSONValue(stake), "incentive": JSONText.JSONValue(incentive),
      "dividends": JSONText.JSONValue(dividends), "emission_total_rao": JSONText.JSONValue(emissionTotal),
      "miner_emission_total_rao": JSONText.JSONValue(minerEmissionTotal), "tasks": tasks.document,
      "k": order.map { JSONText.JSONValue($0) } ?? .null, "score": reason.map { .text($0) } ?? .null,
      "last_weights_block": lastWeights.map { JSONText.JSONValue($0.value) } ?? .null,
    ]
  }
}

extension TaskCounts {
  fileprivate var document: JSONText.JSONValue {
    [
      "sent": JSONText.JSONValue(sent), "answered": JSONText.JSONValue(answered),
      "refused": JSONText.JSONValue(refused), "timed_out": JSONText.JSONValue(timedOut),
    ]
  }
}

extension EpochSummary {
  /// One epoch, as reports and the lines of `--json` have it.
  package var document: JSONText.JSONValue {
    [
      "epoch": JSONText.JSONValue(index), "block": JSONText.JSONValue(block.value), "settled": .flag(isSettled),
      "neurons": .list(
        rows.map { row in
          [
            "uid": JSONText.JSONValue(row.uid.value), "incentive": JSONText.JSONValue(row.incentive),
            "dividends": JSONText.JSONValue(row.dividends), "emission_rao": JSONText.JSONValue(row.emission),
            "miner_emission_rao": JSONText.JSONValue(row.minerEmission),
          ]
        }),
    ]
  }
}
