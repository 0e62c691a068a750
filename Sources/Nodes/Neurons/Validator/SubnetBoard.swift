import Primitives
import Synchronization

/// The newest metagraph, from the task that follows the chain to the task that sets tasks.
final class SubnetBoard: Sendable {
  private let newest = Mutex<MetagraphView?>(nil)

  init() {}

  var metagraph: MetagraphView? { newest.withLock { $0 } }

  func replace(with metagraph: MetagraphView?) { newest.withLock { $0 = metagraph } }
}
