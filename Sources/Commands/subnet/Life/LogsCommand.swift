import Daemon
import JSONText
import Localnet

/// `subnet logs`: what the nodes of a network wrote, the newest last; with `--follow` also what they write from then on.
enum LogsCommand {
  static let follow = Option(flag: "follow", letter: "f", purpose: "Go on with new lines until the network stops.")
  static let lines = Option(
    "lines", .integer(0...100_000), default: 20, purpose: "Newest lines of each node to begin with.")
  static let json = Option(flag: "json", purpose: "One JSON object a line, the node in front.")
  static let table = CommandDescription(
    "logs", purpose: "Show what the nodes of a network write; of a stopped one too.",
    options: [follow, lines] + NetworkOptions.all + [json],
    positionals: [
      .init("NODE", purpose: "A node's name, such as miner-2; all without it.", isRequired: false, isRepeating: true)
    ], example: "subnet logs miner-2 --follow")

  /// Between two looks at the files.
  private static let lookPause: Duration = .milliseconds(100)

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let network = try NetworkOptions.network(arguments, stoppedWillDo: true)
    var reader = LogReader(folder: network.folder, nodes: try nodes(arguments.positionals, of: network))
    let form: LogForm =
      arguments[json] ? .json : Terminal.standardOutput.hasColour ? .colouredText : .text
    func write(_ lines: [NodeLogLine]) -> Bool {
      lines.isEmpty || Terminal.standardOutput.write(lines.map { $0.text(in: form) + "\n" }.joined())
    }
    // Whoever reads the output may go, as `head` does.
    guard write(reader.newest(arguments[lines])) else { return .done }
    while arguments[follow] {
      // Asked before reading, so that the last words of a network are shown.
      let isRunning = network.isRunning
      guard write(reader.next()) else { return .done }
      guard isRunning else { break }
      try await Task.sleep(for: lookPause)
    }
    return .done
  }

  private static func nodes(_ words: [String], of network: KnownNetwork) throws -> [String]? {
    guard !words.isEmpty else { return nil }
    let known = LogReader.nodes(in: network.folder)
    for word in words where !known.contains(word) {
      throw CommandMistake(
        "network \(network.name) has no log of \"\(escapedText(word, limit: 80))\"; it has "
          + (known.isEmpty ? "none" : known.joined(separator: ", ")))
    }
    return words
  }
}
