import Daemon
import Localnet
package import Primitives

/// What a run of a scenario came to.
package struct ScenarioVerdict: Sendable {
  package let name: String
  package let path: String
  package let world: WorldKind
  package let seed: UInt64
  package let results: [ExpectationResult]
  /// What broke the run off; nil when it came to its end.
  package let problem: String?
  /// Blocks since every node was ready.
  package let blocks: UInt64
  /// Epochs since then that paid miners.
  package let epochs: Int
  package let height: BlockNumber
  /// Of the last block; in the simulated world it follows from the file and the seed.
  package let stateRoot: Hash256
  /// How long it took the person who waited.
  package var elapsed: Duration = .zero

  package var hasPassed: Bool { problem == nil && results.allSatisfy(\.holds) }

  /// The command that runs the same again.
  package var replay: String { "subnet test \(path) --world \(world.rawValue) --seed \(seed)" }

  init(
    _ scenario: Scenario, _ world: any ScenarioWorld, results: [ExpectationResult], view: RunView, problem: String?
  ) {
    name = scenario.name
    path = scenario.path
    self.world = world.kind
    seed = scenario.network.seed
    self.results = results
    self.problem = problem
    blocks = view.block
    epochs = view.settled.count
    height = view.height
    stateRoot = view.state.record.stateRoot
  }
}

extension ScenarioVerdict {
  /// The verdict as lines for a person.
  package var lines: [String] {
    var lines = ["\(hasPassed ? "PASS" : "FAIL")  \(name)  (\(world.rawValue), seed \(seed))"]
    for result in results {
      let place = result.line.map { "  [\(path):\($0)]" } ?? ""
      lines.append("  \(result.holds ? "ok  " : "FAIL") \(result.expected)" + (result.holds ? "" : place))
      lines.append("       seen: \(result.seen), at block \(result.block), epoch \(result.epoch)")
    }
    if let problem { lines.append("  FAIL the run broke off: \(problem)") }
    lines.append(
      "  \(blocks) blocks and \(epochs) paid epochs in \(elapsed.seconds); block \(height), state root \(stateRoot)")
    if !hasPassed { lines.append("  again: \(replay)") }
    return lines
  }
}

extension Duration {
  /// Seconds with one digit: `1.2 s`.
  var seconds: String {
    let milliseconds = wholeMilliseconds
    return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
  }
}
