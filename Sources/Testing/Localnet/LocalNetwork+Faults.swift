package import Daemon
import Neurons
import Transport

// What a test does to single nodes while the network runs.
extension LocalNetwork {
  /// Kills a node with SIGKILL, as a power cut would, and returns when it has ended.
  package func kill(_ name: NodeName) async { await children.kill(name) }

  /// Stops a node with SIGTERM.
  @discardableResult
  package func stop(_ name: NodeName) async -> ExitStatus? { await children.stop(name) }

  /// Starts a neuron that has ended, with its state, and does not wait for it.
  package func relaunch(_ name: NodeName) async throws {
    guard let neuron = plan.neurons.first(where: { $0.name == name }) else { return }
    try await children.start(plan.command(of: neuron, chain: chainAddress()), as: name)
  }

  /// Starts a node that has ended, with its state, and waits until it is ready. The chain listens where it did before.
  package func restart(_ name: NodeName) async throws {
    let address = try chainAddress()
    if name == .chain {
      _ = try await startChain(endpoint: "\(address.endpoint)")
    } else if let neuron = plan.neurons.first(where: { $0.name == name }) {
      try await children.start(plan.command(of: neuron, chain: address), as: name)
      try await waitUntilReady(name)
    }
  }

  /// Lets a node stand still, as a machine without time for it would; its sockets stay open.
  package func pause(_ name: NodeName) { children.setPaused(true, name) }

  /// Lets a paused node go on.
  package func resume(_ name: NodeName) { children.setPaused(false, name) }

  /// Lets no message pass to or from a node until `reconnect`; the node itself goes on.
  package func disconnect(_ name: NodeName) throws(FileError) { try change(name) { $0.isCut = true } }

  /// Lets messages pass again.
  package func reconnect(_ name: NodeName) throws(FileError) { try change(name) { $0.isCut = false } }

  /// Makes each message to or from a node take longer; zero ends it.
  package func delay(_ name: NodeName, by delay: Duration) throws(FileError) {
    try change(name) { $0 = LinkFaults(isCut: $0.isCut, delay: delay) }
  }

  private func change(_ name: NodeName, _ change: (inout LinkFaults) -> Void) throws(FileError) {
    var faults = state.state.nodes[name]?.linkFaults ?? .none
    change(&faults)
    try plan.folder.set(faults, of: name)
    state.update { [faults] in $0.nodes[name]?.linkFaults = faults }
  }
}
