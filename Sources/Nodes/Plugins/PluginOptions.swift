package import Daemon

/// The options by which commands name a plugin program and what it may use.
package enum PluginOptions {
  package static let readable = Option(
    repeating: "plugin.read", .path, purpose: "File or folder that the plugin may read besides its own.")
  package static let network = Option(flag: "plugin.network", purpose: "Let the plugin open connections.")
  package static let memory = Option(
    "plugin.memory", .integer(UInt64(64)...1 << 20), default: PluginLimits().memoryBytes >> 20, unit: "MiB",
    purpose: "Address space of the plugin.")
  package static let callTime = Option(
    "plugin.timeout", .duration(.milliseconds(100) ... .seconds(300)), default: PluginLimits().callTime,
    purpose: "Time the plugin has for one call.")

  /// In the order of help texts.
  package static let all: [any DescribedOption] = [readable, network, memory, callTime]

  /// What the plugin may reach.
  package static func access(_ arguments: ParsedArguments, hiding hidden: [String]) -> PluginAccess {
    var access = PluginAccess()
    access.readable = arguments[readable]
    access.network = arguments[network]
    access.hidden = hidden
    return access
  }

  /// How much the plugin may use.
  package static func limits(_ arguments: ParsedArguments) -> PluginLimits {
    var limits = PluginLimits()
    limits.memoryBytes = arguments[memory] << 20
    limits.callTime = arguments[callTime]
    return limits
  }
}
