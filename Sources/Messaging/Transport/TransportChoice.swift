/// Which transport a process uses; its executable names one, everything else meets `TransportNode`.
package struct TransportChoice: Sendable {
  private let startNode: @Sendable (TransportKeyPair) async throws(TransportError) -> any TransportNode

  package init(start: @escaping @Sendable (TransportKeyPair) async throws(TransportError) -> any TransportNode) {
    startNode = start
  }

  /// Starts this process's node.
  package func start(keys: TransportKeyPair) async throws(TransportError) -> any TransportNode {
    try await startNode(keys)
  }
}
