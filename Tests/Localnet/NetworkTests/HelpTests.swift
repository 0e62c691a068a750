import Daemon
import Testing

/// What `--help` prints, against the texts in `Help/`: one file a program, its sub-commands one after another.
///
/// A change that is meant: `SUBNETKIT_UPDATE_HELP=1 swift test --filter HelpTests`, then look at the difference.
@Suite(.timeLimit(.minutes(30))) struct HelpTests {
  @Test(arguments: ["chain", "miner", "subnet", "validator"])
  func helpSaysWhatTheCommittedTextSays(program: String) async throws {
    let folder = try TemporaryFolder()
    let printed = try await HelpWalk(folder: folder).transcript(of: program)
    let file = AtomicFile(Self.folder + "/\(program).txt", mode: 0o644)
    if processEnvironment()["SUBNETKIT_UPDATE_HELP"] == "1" {
      try file.write(Array(printed.utf8))
      return
    }
    let committed = String(decoding: try file.read(limit: 1 << 20), as: UTF8.self)
    let difference = zip(printed.lines + [""], committed.lines + [""]).first { $0 != $1 }
    #expect(
      printed == committed,
      """
      first difference: now "\(difference?.0 ?? "(more lines)")", committed "\(difference?.1 ?? "(more lines)")"; \
      if it is meant: SUBNETKIT_UPDATE_HELP=1 swift test --filter HelpTests
      """)
  }

  private static let folder = "\(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!))/Help"
}

/// Asks a program for its help, then each command that the text lists.
private struct HelpWalk {
  /// Commands made from a table: the text lists them, and one stands for the others.
  private static let samples = ["subnet call": "transfer", "subnet query": "metagraph"]

  let folder: TemporaryFolder

  func transcript(of program: String) async throws -> String {
    var sections: [String] = []
    var waiting = [program][...]
    while let command = waiting.popFirst() {
      let outcome = try await CommandRun.finish("\(command) --help", in: folder)
      #expect(outcome.status == .exited(0), "\(command): \(outcome.errors)")
      #expect(outcome.errors.isEmpty, "\(command)")
      // Where the user's files are differs from run to run.
      let lines = outcome.lines.map { $0.replacing(folder.path, with: "~") }
      sections.append("$ \(command) --help\n" + lines.joined(separator: "\n"))
      let commands = Self.samples[command].map { [$0] } ?? listedCommands(lines)
      waiting = commands.map { "\(command) \($0)" } + waiting
    }
    return sections.joined(separator: "\n\n") + "\n"
  }

  /// The first words under `Commands:`.
  private func listedCommands(_ lines: [String]) -> [String] {
    guard let start = lines.firstIndex(of: "Commands:") else { return [] }
    let rows = lines[(start + 1)...].prefix { !$0.isEmpty }
    return rows.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }
}

extension String {
  fileprivate var lines: [String] { split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}
