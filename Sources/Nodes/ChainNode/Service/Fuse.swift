import Daemon
import Synchronization

/// Ends the node from wherever a failure shows that ends it, such as damage met while answering a question.
final class Fuse: Sendable {
  private let wake = Wake()
  private let failure = Mutex<(any ExitCoding)?>(nil)

  /// The first failure counts.
  func blow(_ error: any ExitCoding) {
    failure.withLock { if $0 == nil { $0 = error } }
    wake.ring()
  }

  /// Throws what blew the fuse; `CancellationError` when nothing did.
  func wait() async throws {
    _ = await wake.wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
    throw CancellationError()
  }
}
