import Localnet

/// What is to be done to which node, and what has to be undone when.
struct FaultSchedule: Sendable {
  struct Deed: Sendable, Hashable {
    let action: ScenarioFault.Action
    let node: NodeName
  }

  private var waiting: [ScenarioFault]
  private var undoing: [(due: Duration, deed: Deed)] = []
  private let blockTime: Duration

  init(_ faults: [ScenarioFault], blockTime: Duration) {
    waiting = faults
    self.blockTime = blockTime
  }

  /// When the next thing is to be undone, on the run's clock.
  var nextDue: Duration? { undoing.map(\.due).min() }

  /// What is due now: first what is to be undone, then what the file says of this moment, in its order.
  mutating func due(_ view: RunView, now: Duration) -> [Deed] {
    let over = undoing.enumerated().filter { $0.element.due <= now }
      .sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }
    undoing.removeAll { $0.due <= now }
    var deeds = over.map(\.element.deed)
    for fault in waiting where view.hasReached(fault.moment) {
      deeds += fault.nodes.map { Deed(action: fault.action, node: $0) }
      guard let blocks = fault.blocks, let opposite = fault.action.undoing else { continue }
      let due = now + blockTime * Double(blocks)
      undoing += fault.nodes.map { (due, Deed(action: opposite, node: $0)) }
    }
    waiting.removeAll { view.hasReached($0.moment) }
    return deeds
  }

  /// Everything that is still to be undone, for a network that goes on after the run.
  var leftovers: [Deed] { undoing.map(\.deed) }
}
