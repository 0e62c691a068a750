import Daemon
import Glibc
import JSONText
import Localnet
import Testing

/// What the README tells people to type, typed.
@Suite struct ReadmeTests {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    .joined(separator: "/")

  private static func text(_ path: String) throws -> String {
    String(decoding: try AtomicFile("\(root)/\(path)").read(limit: 1 << 20), as: UTF8.self)
  }

  /// Fenced blocks of a language, without their fences.
  private static func blocks(_ language: String, in text: String) -> [String] {
    text.split(separator: "```").enumerated().compactMap { index, block in
      guard index % 2 == 1, block.hasPrefix(language + "\n") else { return nil }
      return String(block.dropFirst(language.count + 1))
    }
  }

  /// Every command line of the README: those of its shell blocks, then those in running text.
  private static func commands() throws -> [String] {
    let readme = try text("README.md")
    let fenced = blocks("sh", in: readme).flatMap { $0.split(separator: "\n") }
      .map { $0.split(separator: "#")[0].trimmed }
    let prose = readme.split(separator: "```").enumerated().filter { $0.offset % 2 == 0 }.map(\.element).joined()
    let inline = prose.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    let programs = ["make ", "subnet ", "chain ", "miner ", "validator "]
    return (fenced + inline).filter { line in programs.contains { line.hasPrefix($0) } }
  }

  @Test func everyCommandOfTheReadmeIsTriedHere() throws {
    #expect(
      Set(try Self.commands()) == [
        "make demo", "make test", "make install PREFIX=$HOME/.local",
        "subnet up --subnet adder --validators 1 --miners 2", "subnet up --subnet text --epochs 3 --report report.json",
        "subnet view --state DIR", "subnet up", "subnet explain SettingWeightsTooFast", "subnet yuma FILE --check",
        "subnet yuma --explain 3 FILE", "subnet wallet create mine", "subnet call transfer --help",
      ])
  }

  @Test(arguments: [
    ("demo", "build --explicit-target-dependency-import-check error --configuration release"),
    ("demo", "subnet up --subnet text --epochs 3"), ("test", "swift format lint --strict"),
    ("test", "swift test --skip-build"),
    ("install", ".build/release/chain .build/release/validator .build/release/miner .build/release/subnet"),
  ])
  func aMakeTargetDoesWhatTheReadmeSays(target: String, part: String) async throws {
    let folder = try TemporaryFolder()
    let make = try await ChildProcess.start(
      ChildCommand(
        name: "make", executable: "/usr/bin/make", arguments: ["-C", Self.root, "--dry-run", target],
        environment: ["PATH": "/usr/bin:/bin"], logPath: folder.path + "/stderr", readsLines: true))
    var lines: [String] = []
    for await line in make.lines { lines.append(line) }
    #expect(try await make.ended().isSuccess)
    #expect(lines.contains { $0.contains(part) }, "\(lines)")
  }

  @Test(arguments: [
    "subnet explain SettingWeightsTooFast", "subnet yuma FILE --check", "subnet yuma --explain 3 FILE",
    "subnet wallet create mine", "subnet call transfer --help",
  ])
  func aCommandThatEndsByItselfSucceeds(line: String) async throws {
    let folder = try TemporaryFolder()
    let file = Self.root + "/Tests/Conformance/Vectors/yuma/example_worked.json"
    let outcome = try await CommandRun.finish(line.replacing("FILE", with: file), in: folder)
    #expect(outcome.status.isSuccess, "\(line): \(outcome.errors)")
    #expect(!outcome.output.isEmpty)
  }

  @Test func theNetworkThatRunsUntilCtrlCCanBeViewed() async throws {
    let folder = try TemporaryFolder()
    let line = "subnet up --subnet adder --validators 1 --miners 2 --json"
    let run = try await CommandRun.start(line.split(separator: " ").map(String.init), in: folder)
    let ready = try await run.event("ready")
    let state = try ready.member("state").string()
    let view = try await CommandRun.finish("subnet view --state \(state)", in: folder)
    #expect(view.status.isSuccess, "\(view.errors)")
    #expect(view.output.contains("miner-2"))
    run.child.send(SIGINT)
    #expect(try await run.outcome().status.isSuccess)
  }

  @Test func theReadmeShowsTheMechanismThatTheTestsCompile() throws {
    let page = try Self.text("Sources/Subnets/SubnetKit/SubnetKit.docc/SubnetKit.md")
    let shown = try #require(Self.blocks("swift", in: try Self.text("README.md")).first)
    #expect(shown == Self.blocks("swift", in: page).first)
    #expect(shown.split(separator: "\n").count <= 17, "fifteen lines and an import")
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension String {
  fileprivate func replacing(_ word: String, with other: String) -> String {
    split(separator: " ").map { $0 == word[...] ? other : String($0) }.joined(separator: " ")
  }
}
