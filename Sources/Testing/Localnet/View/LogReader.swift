package import Daemon
import Glibc
import JSONText

/// A line that a node wrote to its log.
package struct NodeLogLine: Sendable, Hashable {
  package let node: String
  package let line: String

  package init(node: String, line: String) {
    self.node = node
    self.line = line
  }

  /// The line in one of the forms of a log; a line that is no object of ours stays as it is.
  package func text(in form: LogForm) -> String {
    let object = (try? JSONValue(parsing: line)).flatMap { try? $0.members() }
    guard form != .json else {
      let members = object ?? [JSONMember("text", .text(line))]
      return JSONValue.object([JSONMember("node", .text(node))] + members).compactText
    }
    guard let object else { return "\(node): \(escapedText(line, limit: 4000))" }
    var words: [String] = []
    var head: [String: String] = [:]
    for member in object {
      let text = if case .text(let text) = member.value { text } else { member.value.compactText }
      switch member.name {
      case "time", "level", "message", "name": head[member.name] = text
      default: words.append("\(member.name)=" + (text.contains(" ") ? "\"\(text)\"" : text))
      }
    }
    let hour = (head["time"] ?? "").dropFirst(11).dropLast(1)
    let level = head["level"] ?? ""
    let padded = level + String(repeating: " ", count: max(0, 7 - level.count))
    return ["\(hour)", form == .colouredText ? NodeLogLine.coloured(padded, level) : padded, "\(node):"]
      .joined(separator: " ") + ([" \(head["message"] ?? "")"] + words).joined(separator: " ")
  }

  private static func coloured(_ text: String, _ level: String) -> String {
    let colour: Colour =
      switch LogLevel(rawValue: level) {
      case .error: .red
      case .warning: .yellow
      case .info: .green
      case .debug, nil: .faint
      }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }

  /// When it was written, as its own text; empty for a line without.
  fileprivate var time: String {
    guard let document = try? JSONValue(parsing: line), case .text(let time)? = document["time"] else { return "" }
    return time
  }
}

/// Reads the logs of a network's nodes, side by side.
package struct LogReader {
  /// Bytes of one file that are taken in at a time.
  private static let chunkBytes = 1 << 20

  private let folder: StateFolder
  private let chosen: [String]?
  /// How much of each file was shown.
  private var offsets: [String: Int] = [:]

  /// - Parameter nodes: Names of nodes, or `launcher`; nil for all, those that join later included.
  package init(folder: StateFolder, nodes: [String]?) {
    self.folder = folder
    chosen = nodes
  }

  /// Who has a log: the launcher in the background first, then the nodes in order.
  package static func nodes(in folder: StateFolder) -> [String] {
    let nodes = folderContents(folder.path + "/logs").filter { $0.hasSuffix(".log") }
      .compactMap { NodeName(String($0.dropLast(4))) }.sorted().map(\.description)
    return (FileMark(folder.launcherLog) == nil ? [] : ["launcher"]) + nodes
  }

  private var nodes: [String] { chosen ?? LogReader.nodes(in: folder) }

  private func path(of node: String) -> String {
    node == "launcher" ? folder.launcherLog : "\(folder.path)/logs/\(node).log"
  }

  /// The newest lines of each node, by time; what is older counts as shown.
  package mutating func newest(_ count: Int) -> [NodeLogLine] {
    var lines: [NodeLogLine] = []
    for node in nodes {
      let size = Int(FileMark(path(of: node))?.bytes ?? 0)
      offsets[node] = max(0, size - LogReader.chunkBytes)
      // A line that began before the chunk is not whole.
      lines += newLines(of: node).dropFirst(size > LogReader.chunkBytes ? 1 : 0).suffix(count)
    }
    return inOrder(lines)
  }

  /// The whole lines that were written since the last call.
  package mutating func next() -> [NodeLogLine] {
    var lines: [NodeLogLine] = []
    for node in nodes { lines += newLines(of: node) }
    return inOrder(lines)
  }

  /// The whole lines that follow those that were shown, as many as one chunk has.
  private mutating func newLines(of node: String) -> [NodeLogLine] {
    let file = open(path(of: node), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    // A file that became shorter was begun anew.
    let shown = offsets[node] ?? 0
    let start = lseek(file, 0, SEEK_END) < shown ? 0 : shown
    var bytes = [UInt8](repeating: 0, count: LogReader.chunkBytes)
    let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, start) }
    guard count > 0 else { return [] }
    let newline = UInt8(ascii: "\n")
    // A line that is longer than a chunk comes in pieces.
    let end = bytes[..<count].lastIndex(of: newline) ?? (count == bytes.count ? count - 1 : -1)
    offsets[node] = start + end + 1
    return bytes[..<(end + 1)].split(separator: newline)
      .map { NodeLogLine(node: node, line: String(decoding: $0, as: UTF8.self)) }
  }

  /// By time where lines have one; each node's lines stay in their order.
  private func inOrder(_ lines: [NodeLogLine]) -> [NodeLogLine] {
    var keyed: [(time: String, place: Int, line: NodeLogLine)] = []
    var last: [String: String] = [:]
    for (place, line) in lines.enumerated() {
      let time = max(line.time, last[line.node] ?? "")
      last[line.node] = time
      keyed.append((time, place, line))
    }
    return keyed.sorted { ($0.time, $0.place) < ($1.time, $1.place) }.map(\.line)
  }
}
