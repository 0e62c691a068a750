import Daemon
import Primitives

// For people.
extension PluginPolicy {
  /// What differs from the defaults, a few words each, in the order of the protocol.
  package var words: [String] {
    var words: [String] = []
    if sample != 0 { words.append("asks \(sample) miners a round") }
    if deadlineMilliseconds != 0 {
      words.append("deadline \(Duration.milliseconds(Int64(clamping: deadlineMilliseconds)).text)")
    }
    if neverRetries { words.append("never asks twice") }
    if shareBillionths != 0 {
      words.append("newest score counts \(PluginPolicy.share(shareBillionths)), decay \(decay)")
    }
    if powerMillionths != 0 {
      words.append("weight is the average to the power of \(Double(powerMillionths) / Double(PluginPolicy.powerUnit))")
    }
    if winnerTakesAll { words.append("the best takes all") }
    if excludeBelowBillionths != 0 {
      words.append("nothing below \(PluginPolicy.share(excludeBelowBillionths)) of the best")
    }
    if excludeLowestBillionths != 0 {
      words.append("nothing for the lowest \(PluginPolicy.share(excludeLowestBillionths))")
    }
    if !excluded.isEmpty { words.append("nothing for \(excluded.count) hotkeys") }
    if clipBillionths != 0 { words.append("no miner over \(PluginPolicy.share(clipBillionths)) of the weights") }
    if !denied.isEmpty { words.append("miners refuse \(denied.count) hotkeys") }
    if permitRequired { words.append("miners answer permit holders only") }
    if minimumStake > .zero { words.append("miners want a stake of \(minimumStake)") }
    if !priority.isEmpty { words.append("busy miners go by \(priority)") }
    if !functions.isEmpty {
      words.append("left at its default, being a function: \(functions.joined(separator: ", "))")
    }
    return words
  }
}
