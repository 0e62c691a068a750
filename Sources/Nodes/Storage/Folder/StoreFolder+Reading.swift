import Glibc
package import Primitives

extension StoreFolder {
  /// Whether blocks are, or were, kept here.
  package var hasStore: Bool { access(database, F_OK) == 0 }

  /// Opens the blocks for reading only, also beside the process that owns them; nothing is locked and nothing changed.
  ///
  /// - Throws: As `BlockStore.open`, `.locked` excepted.
  package func openHistory(genesis: Hash256, hash: @escaping BlockHash) async throws(StorageError) -> BlockHistory {
    let history = BlockHistory(path: database, genesis: genesis, hash: hash, layer: nil)
    try await history.begin()
    return history
  }
}

extension StoreFolder {
  /// Opens a backup for reading only.
  package static func history(
    ofBackup file: String, genesis: Hash256, hash: @escaping BlockHash
  ) async throws(StorageError) -> BlockHistory {
    let history = BlockHistory(path: file, genesis: genesis, hash: hash, layer: nil)
    try await history.begin()
    return history
  }
}
