package import Localnet
import Neurons

extension ScenarioNetwork {
  /// The author's program, where the mechanism is one.
  package var program: AuthorProgram? {
    guard case .plugin(let path) = mechanism else { return nil }
    return AuthorProgram(path)
  }

  /// The plan of a network of these groups.
  ///
  /// - Parameters:
  ///   - executables: Of the programs; empty where none are run.
  ///   - folder: For what nodes leave; nowhere where none are run.
  package func plan(of groups: [NodeGroup], executables: String, folder: StateFolder) -> LocalnetPlan {
    let program = program
    var plan = LocalnetPlan(subnet: program?.name ?? mechanismName, executables: executables, folder: folder)
    plan.plugin = program
    plan.validatorCount = groups.filter { $0.role == .validator }.flatMap(\.nodes).count
    plan.minerCount = groups.filter { $0.role == .miner }.flatMap(\.nodes).count
    plan.blockTime = blockTime
    plan.tempo = tempo
    plan.seed = seed
    plan.options = options
    plan.taskDeadline = taskDeadline
    plan.roundInterval = roundInterval
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

extension Scenario {
  /// The plan of the network that a scenario describes; without programs and folder for one that runs no processes.
  package func plan(executables: String = "", folder: StateFolder = StateFolder(existing: "")) -> LocalnetPlan {
    network.plan(of: groups, executables: executables, folder: folder)
  }
}
