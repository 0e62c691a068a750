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

  /// The author's first five minutes, after the installation.
  private static let quickStart: Set<String> = [
    "subnet new my-subnet --language python", "subnet up", "subnet test",
  ]

  /// What is done with one network in the background, in an order that works.
  private static let tour = [
    "subnet up --subnet text --name first --detach", "subnet ls", "subnet status", "subnet view",
    "subnet scale miner 8", "subnet kill miner-1", "subnet pause miner-2", "subnet disconnect miner-3",
    "subnet delay miner-4 200ms", "subnet restart miner-1", "subnet resume miner-2", "subnet reconnect miner-3",
    "subnet delay miner-4 0s", "subnet advance 100", "subnet faucet //miner 10", "subnet logs miner-1 --follow",
    "subnet stop", "subnet clean",
  ]

  @Test func everyCommandOfTheReadmeIsTriedHere() throws {
    #expect(
      Set(try Self.commands())
        == Set([
          "make demo", "subnet test Tests/Scenarios/adder.json5", "make test", "make install PREFIX=$HOME/.local",
          "subnet up --watch", "subnet up --plugin PATH",
          "subnet explain SettingWeightsTooFast", "subnet yuma FILE --check", "subnet yuma --explain 3 FILE",
          "subnet wallet create mine", "subnet call transfer --help",
          "subnet up --subnet text --epochs 3 --report report.json",
        ]).union(Self.quickStart).union(Self.tour))
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
    "subnet wallet create mine", "subnet call transfer --help", "subnet test Tests/Scenarios/adder.json5",
  ])
  func aCommandThatEndsByItselfSucceeds(line: String) async throws {
    let folder = try TemporaryFolder()
    let file = Self.root + "/Tests/Conformance/Vectors/yuma/example_worked.json"
    let scenario = "Tests/Scenarios/adder.json5"
    let outcome = try await CommandRun.finish(
      line.replacing("FILE", with: file).replacing(scenario, with: "\(Self.root)/\(scenario)"), in: folder)
    #expect(outcome.status.isSuccess, "\(line): \(outcome.errors)")
    #expect(!outcome.output.isEmpty)
  }

  @Test(.timeLimit(.minutes(30))) func everyCommandForARunningNetworkSucceeds() async throws {
    try await withUser { (user: NetworkUser) async throws in
      var followers: [CommandRun] = []
      for line in Self.tour {
        if line.hasSuffix("--follow") {
          let follower = try await CommandRun.start(line.split(separator: " ").map(String.init), in: user.folder)
          followers.append(follower)
          // The next commands end what it looks at.
          _ = try await follower.line()
        } else {
          try await user.done(line)
        }
      }
      for run in followers { #expect(try await run.outcome().status.isSuccess) }
    }
  }

  /// The block under "Your own subnet in five minutes", word for word, as somebody in a shell would type it.
  @Test(
    .enabled(if: programOnPath("python3") != nil, "there is no python3"), .timeLimit(.minutes(30)))
  func theQuickStartWorksWordForWord() async throws {
    let readme = try Self.text("README.md")
    let section = try #require(readme.ranges(of: "## Your own subnet in five minutes").first)
    let block = try #require(Self.blocks("sh", in: String(readme[section.upperBound...])).first)
    let lines = block.split(separator: "\n").map { $0.split(separator: "#")[0].trimmed }
    #expect(lines.first == "make install PREFIX=$HOME/.local")
    try await withUser { (user: NetworkUser) async throws in
      var shell = Shell(user: user)
      for line in lines.dropFirst() {
        if line.hasPrefix("cd ") {
          shell.folder += "/" + line.dropFirst(3)
        } else if line == "subnet up" {
          try await shell.untilFirstWeights(line)
        } else {
          try await shell.done(line)
        }
      }
    }
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
