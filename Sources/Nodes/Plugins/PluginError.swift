package import Daemon
package import SubnetKit

/// What a plugin program did wrong: which one, and what.
package struct PluginError: ExitCoding, Hashable, CustomStringConvertible {
  /// The program's file name.
  package let plugin: String
  package let code: Code
  /// Goes on from the name: `gave 3 scores for 5 answers`.
  package let message: String

  package init(_ plugin: String, _ code: Code, _ message: String) {
    self.plugin = plugin
    self.code = code
    self.message = message
  }

  package var description: String { "plugin \(plugin) \(message)" }
  package var exitCode: ExitCode { [.notStarted, .wrongProtocol, .invalidPolicy].contains(code) ? .usage : .failed }

  /// What kind of misdeed it is.
  package enum Code: Hashable, Sendable {
    /// There is no such program, or it did not become ready.
    case notStarted
    /// It speaks another version of the protocol.
    case wrongProtocol
    /// Its process ended, or closed its standard input or output.
    case ended
    /// It wrote what is no frame, no message, or no answer to what was asked.
    case garbage
    /// It announced a frame over the limit.
    case frameTooLarge
    /// It wants around its mechanism what no node does.
    case invalidPolicy
    /// It did not answer in time.
    case tooSlow
    /// It filled its folder.
    case folderTooLarge
    /// A score is outside 0...1.
    case invalidScore
    /// Another count of scores than of answers.
    case wrongScoreCount
    /// A message of ours is over the limit, so it was not asked.
    case requestTooLarge
    /// Too many calls wait for it.
    case busy
    /// It was stopped by us.
    case stopped
    /// Whoever asked does not wait any more.
    case cancelled
    /// The author's code says so itself, by this name.
    case mechanism(String)
  }
}

extension MechanismError {
  /// The same as what a mechanism throws; codes that an author's code names keep their meaning.
  package init(_ error: PluginError) {
    self.init(MechanismError.Code(error.code), error.description)
  }
}

extension MechanismError.Code {
  /// The process of a plugin failed, not its author's code.
  package static let pluginFailed = MechanismError.Code(name: "plugin_failed", status: 500)

  private static let named: [MechanismError.Code] = [
    .malformedRequest, .malformedResponse, .refused, .busy, .responseTooLate, .messageTooLarge, .invalidScore,
    .invalidOption, .missingInput,
  ]

  fileprivate init(_ code: PluginError.Code) {
    switch code {
    case .tooSlow: self = .responseTooLate
    case .busy: self = .busy
    case .cancelled: self = .cancelled
    case .invalidScore, .wrongScoreCount: self = .invalidScore
    case .requestTooLarge: self = .messageTooLarge
    case .mechanism(let name): self = MechanismError.Code.named.first { $0.name == name } ?? .failed
    case .notStarted, .wrongProtocol, .invalidPolicy, .ended, .garbage, .frameTooLarge, .folderTooLarge, .stopped:
      self = .pluginFailed
    }
  }
}
