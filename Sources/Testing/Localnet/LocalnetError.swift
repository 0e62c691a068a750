package import Daemon

/// Why a local network does not come up or go on; each says what failed, on what, and what to do.
package enum LocalnetError: ExitCoding, CustomStringConvertible {
  /// A file that should be beside this program is not there.
  case missingExecutable(String)
  /// A node ended although it should run; with its exit and the last lines of its log.
  case nodeEnded(NodeName, ExitStatus, log: String, tail: [String])
  /// A node said nothing for too long.
  case nodeNotReady(NodeName, after: Duration, log: String, tail: [String])
  /// A ready line without a field that it must have.
  case badReadyLine(NodeName, field: String)
  /// The chain makes no blocks, or not the ones that were waited for.
  case timeout(String, after: Duration)
  case noNetwork(folder: String)
  case unreadable(file: String)
  /// A step of the founding failed on the chain.
  case founding(step: String, reason: String)

  package var exitCode: ExitCode { .failed }

  package var description: String {
    switch self {
    case .missingExecutable(let path):
      "there is no program \(path); build or install chain, validator, miner and subnet into one folder"
    case .nodeEnded(let name, let status, let log, let tail):
      "\(name) ended with \(status); the end of its log \(log):\n" + shown(tail)
    case .nodeNotReady(let name, let limit, let log, let tail):
      "\(name) was not ready after \(limit.text); the end of its log \(log):\n" + shown(tail)
    case .badReadyLine(let name, let field):
      "\(name) is of another release: its ready line has no usable \(field); install all programs together"
    case .timeout(let what, let limit): "\(what) did not happen within \(limit.text); look at the logs"
    case .noNetwork(let folder):
      "there is no network in \(folder); give the folder that 'subnet up' printed, or --chain.endpoint and --chain.key"
    case .unreadable(let file): "\(file) cannot be read as a network's address; remove it and start the network again"
    case .founding(let step, let reason): "the chain did not \(step): \(reason)"
    }
  }

  private func shown(_ tail: [String]) -> String {
    tail.isEmpty ? "  (empty)" : tail.map { "  " + $0 }.joined(separator: "\n")
  }
}
