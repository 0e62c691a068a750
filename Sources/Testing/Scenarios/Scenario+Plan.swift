package import Localnet
import Neurons

extension Scenario {
  /// The plan of the network that a scenario describes.
  ///
  /// - Parameters:
  ///   - executables: Of the programs; empty where none are run.
  ///   - folder: For what nodes leave; nowhere where none are run.
  package func plan(executables: String = "", folder: StateFolder = StateFolder(existing: "")) -> LocalnetPlan {
    var plan = LocalnetPlan(subnet: network.mechanismName, executables: executables, folder: folder)
    plan.validatorCount = groups.filter { $0.role == .validator }.flatMap(\.nodes).count
    plan.minerCount = groups.filter { $0.role == .miner }.flatMap(\.nodes).count
    plan.blockTime = network.blockTime
    plan.tempo = network.tempo
    plan.seed = network.seed
    plan.options = network.options
    plan.taskDeadline = network.taskDeadline
    plan.roundInterval = network.roundInterval
    plan.gradesMiners = false
    for group in groups {
      for node in group.nodes {
        if group.behaviour != .honest { plan.behaviours[node] = group.behaviour }
        if !group.options.isEmpty { plan.nodeOptions[node] = group.options }
      }
    }
    return plan
  }
}
