package import Daemon

/// Everything that a node takes from the world besides its transport: time, randomness and a place to say things.
package struct NodeSurroundings: Sendable {
  package var time: NodeTime
  package var random: RandomSource
  package var log: Logger

  package init(time: NodeTime = .system, random: RandomSource = .system, log: Logger) {
    self.time = time
    self.random = random
    self.log = log
  }
}
