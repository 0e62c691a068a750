/// What a plugin program may reach beside its own folder.
package struct PluginAccess: Hashable, Sendable {
  /// More files and folders to read.
  package var readable: [String] = []
  /// What it must not read even where it lies in a folder that is granted: wallets, passwords, a validator's memory.
  package var hidden: [String] = []
  /// Whether it may open connections.
  package var network = false

  package init() {}
}
