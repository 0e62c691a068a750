package import Daemon
import JSONText

/// A small JSON document about a node, replaced as a whole, for launchers and curious operators.
///
/// A status that cannot be written is worth a warning and nothing more: nothing is ever read back from it.
package struct StatusFile: Sendable {
  private let store: StateStore
  private let log: Logger

  package init(_ store: StateStore, log: Logger) {
    self.store = store
    self.log = log
  }

  func write(_ status: JSONText.JSONValue) {
    do throws(FileError) {
      try store.write(Array((status.compactText + "\n").utf8))
    } catch {
      log.warning("the status was not written", [.reason: .of(error)])
    }
  }
}
