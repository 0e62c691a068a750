package import Daemon
import Glibc

/// Why a network is not started, found or changed; each says what is there and what to do.
package enum NetworkRefusal: ExitCoding, CustomStringConvertible {
  case noHome
  case badName(String)
  /// Its launcher lives.
  case running(LauncherRecord?, folder: String)
  /// A stopped network with another mechanism: its scores and weights would be taken for this one's.
  case holdsOther(LauncherRecord, folder: String, wanted: String)
  case foreignFiles([String], folder: String)
  case noneRunning(stopped: [String])
  case severalRunning([String])
  case noneStopped(running: [String])
  case severalStopped([String])
  case unknown(String, known: [String])
  case notRunning(KnownNetwork)
  /// The launcher lives and does not answer.
  case noAnswer(String, LauncherRecord?, reason: String)
  /// What the launcher said.
  case refused(String, ExitCode)

  package var exitCode: ExitCode {
    switch self {
    case .badName, .severalRunning, .severalStopped, .unknown: .usage
    case .refused(_, let code): code
    default: .failed
    }
  }

  package var description: String {
    switch self {
    case .noHome: "there is no home folder to keep networks in: set HOME, or give --state DIR"
    case .badName(let text):
      "\"\(escapedText(text, limit: 80))\" is no name of a network: use 1 to 64 of a-z, 0-9, _ and -"
    case .running(let record, let folder):
      "\(record.map { "network \($0.name)" } ?? "the network in \(folder)") runs already"
        + "\(record.map { ": its launcher is process \($0.pid), since \($0.since)" } ?? ""). Look at it with 'subnet "
        + "status', end it with 'subnet stop', or start another beside it: subnet up --name OTHER"
    case .holdsOther(let record, let folder, let wanted):
      "\(folder) holds a network of \(record.work), not of \(wanted): add --fresh to begin anew and lose it, or give "
        + "another --name"
    case .foreignFiles(let names, let folder):
      "the network is removed; \(folder) stays, because of files that are not the network's: "
        + names.prefix(5).map { escapedText($0, limit: 80) }.joined(separator: ", ")
    case .noneRunning(let stopped):
      "no network runs; start one with 'subnet up'" + (stopped.isEmpty ? "" : ". Stopped: \(list(stopped))")
    case .severalRunning(let names): "several networks run: \(list(names)); say which with --name"
    case .noneStopped(let running):
      "no network is stopped" + (running.isEmpty ? "" : "; running: \(list(running)), end one with 'subnet stop'")
    case .severalStopped(let names):
      "several networks are stopped: \(list(names)); say which with --name, or give --all"
    case .unknown(let name, let known):
      "there is no network \(name); " + (known.isEmpty ? "start one with 'subnet up'" : "known: \(list(known))")
    case .notRunning(let network):
      "network \(network.name) is stopped; 'subnet up \(network.options)' goes on with it, 'subnet logs "
        + "\(network.options)' tells what it did"
    case .noAnswer(let name, let record, let reason):
      "the launcher of network \(name)\(record.map { ", process \($0.pid)," } ?? "") does not answer (\(reason)); end it "
        + "with 'kill \(record.map { "\($0.pid)" } ?? "PID")', which ends its nodes too"
    case .refused(let sentence, _): sentence
    }
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

extension LauncherRecord {
  /// When it started, in UTC, to the second.
  package var since: String { utcText(millisecondsSince1970: startedMilliseconds).prefix(19) + "Z" }
}
