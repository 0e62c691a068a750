import JSONText
import Keys
import Primitives
import SubnetKit

extension ValidatorState {
  /// What a launcher shows of a validator: its place, its last weights, and each miner's tally and average.
  func statusDocument(in metagraph: MetagraphView, own: Hotkey, _ report: RoundReport) -> JSONValue {
    let neuron = metagraph.neuron(of: own)
    let miners = metagraph.neurons.compactMap { neuron -> JSONValue? in
      guard let tally = tallies[neuron.hotkey] else { return nil }
      return [
        "uid": JSONValue(neuron.uid.value), "hotkey": JSONValue(neuron.hotkey.account.address),
        "tasks": tally.document, "score": .decimal("\(book.average(of: neuron.hotkey))"),
        "measure": report.measure(of: neuron.hotkey)?.document ?? .null,
      ]
    }
    return [
      "role": "validator", "netuid": JSONValue(owner.netuid.value), "hotkey": JSONValue(own.account.address),
      "uid": neuron.map { JSONValue($0.uid.value) } ?? .null, "height": JSONValue(metagraph.block.value),
      "permit": JSONValue(neuron?.validatorPermit ?? false), "rounds": JSONValue(nextRound),
      "last_weights_block": lastWeightsBlock.map { JSONValue($0.value) } ?? .null,
      "pending_commits": JSONValue(commits.count), "pending_rounds": JSONValue(pending.rounds.count),
      "unscored_rounds": JSONValue(report.counts.unscored), "refused_rounds": JSONValue(report.counts.refused),
      "failed_checkpoints": JSONValue(report.counts.forgotten),
      "weight_fallbacks": .list(report.weightFallbacks.map { JSONValue($0.description) }),
      "tasks": tallies.values.reduce(TaskTally(), +).document, "miners": .list(miners),
    ]
  }
}

extension MeasureMean {
  fileprivate var document: JSONValue {
    ["name": .text(name), "mean": .decimal("\(mean)"), "count": JSONValue(count)]
  }
}

extension TaskTally {
  fileprivate var document: JSONValue {
    [
      "sent": JSONValue(sent), "answered": JSONValue(answered), "refused": JSONValue(refused),
      "timed_out": JSONValue(timedOut),
    ]
  }
}
