import Daemon
import Localnet
import Testing

/// The Swift that authors are shown, held by the compiler: every block of the pages and sources below.
@Suite struct DocumentationTests {
  /// A file, and for each of its blocks what stands around it there.
  private static let pages: [(file: String, frames: [@Sendable (String) -> String])] = [
    ("Subnets/SubnetKit/SubnetKit.docc/SubnetKit.md", [{ $0 }]),
    (
      "Subnets/SubnetKit/SubnetKit.docc/AroundAMechanism.md",
      [
        mechanism,
        {
          mechanism(
            """
            struct Question: Codable, Sendable {}
            struct Basis: Codable, Sendable {}
            let question = Question()
            let basis = Basis()
            func forward(_ question: Question, _ context: ForwardContext) -> Int { 1 }
            func score(
              _ answers: [Answer<Int>], for challenge: Challenge<Question, Basis>, _ context: ScoreContext
            ) -> [Score] { answers.map { _ in .full } }
            """ + "\n" + $0)
        },
        {
          mechanism(
            """
            actor Notebook {
              var diary = Diary()
              func open(_ diary: Diary) { self.diary = diary }
            }
            let notebook = Notebook()
            """ + "\n" + $0)
        },
        {
          $0.replacing(
            "struct Story: StreamingMechanism {\n",
            with: """
              struct Story: StreamingMechanism {
                struct Model {
                  func words(after prompt: String) -> AsyncStream<String> { AsyncStream { $0.finish() } }
                }
                static let name = "story"
                let model = Model()
                init(_ setup: MechanismSetup) {}
                func task(_ round: Round, random: inout SeededRandom) -> Challenge<String, Nothing> { Challenge("Once") }

              """)
        },
      ]
    ),
    ("Subnets/SubnetKit/Policy/MechanismPolicy.swift", [mechanism]),
    (
      "Subnets/SubnetKit/Options/MechanismOption.swift",
      [
        {
          mechanism("struct Model { var order: Int }\nlet model: Model\n" + $0)
            .replacing("init(_ setup: MechanismSetup) {}", with: "")
        }
      ]
    ),
    (
      "Subnets/SubnetKit/Coding/ByteMessage.swift",
      [
        // What a protobuf library generates, as far as it matters here.
        {
          """
          public struct Question: Sendable {
            var bytes: [UInt8]
            init(serializedBytes: [UInt8]) throws { bytes = serializedBytes }
            func serializedBytes() throws -> [UInt8] { bytes }
          }

          """ + $0
        }
      ]
    ),
    ("Testing/TestKit/TestKit.docc/TestKit.md", [withMyMechanism]),
    ("Testing/TestKit/TestNetwork/TestNetwork.swift", [withMyMechanism]),
    ("Testing/TestKit/TestNetwork/TestVerdict.swift", [withMyMechanism]),
    ("Testing/TestKit/TestNetwork/TestGroup.swift", [{ "func groups() -> [TestGroup] {\n\($0)\nreturn miners\n}" }]),
  ]

  /// The smallest mechanism with these members; what they replace is left out of it.
  private static func mechanism(_ members: String) -> String {
    let task = "func task(_ round: Round, random: inout SeededRandom) -> Challenge<Int, Nothing> { Challenge(1) }"
    let forward = "func forward(_ number: Int, _ context: ForwardContext) -> Int { number }"
    let score = """
      func score(_ answers: [Answer<Int>], for challenge: Challenge<Int, Nothing>, _ context: ScoreContext) -> [Score] {
        answers.map { _ in .full }
      }
      """
    let rest = [("func task(", task), ("func forward(", forward), ("func score(", score)]
      .filter { !members.contains($0.0) }.map(\.1).joined(separator: "\n")
    return """
      struct MyMechanism: IncentiveMechanism {
      static let name = "mine"
      init(_ setup: MechanismSetup) {}
      \(rest)
      \(members)
      }
      """
  }

  private static func withMyMechanism(_ block: String) -> String { "\(mechanism(""))\n\(block)" }

  /// Fenced blocks of Swift, of a page or of doc comments.
  private static func blocks(in text: String) -> [String] {
    let plain = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let rest = line.drop { $0 == " " }
      return rest.hasPrefix("///") ? rest.dropFirst(rest.hasPrefix("/// ") ? 4 : 3) : line
    }.joined(separator: "\n")
    return plain.split(separator: "```").enumerated().compactMap { index, block in
      index % 2 == 1 && block.hasPrefix("swift\n") ? String(block.dropFirst(6)) : nil
    }
  }

  @Test(.enabled(if: programOnPath("swiftc") != nil, "there is no swiftc"), .timeLimit(.minutes(20)))
  func theSwiftThatAuthorsAreShownCompiles() async throws {
    let folder = try TemporaryFolder()
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
    var sources: [String] = []
    for (file, frames) in Self.pages {
      let text = String(decoding: try AtomicFile("\(root)/Sources/\(file)").read(limit: 1 << 20), as: UTF8.self)
      let blocks = Self.blocks(in: text)
      // A new block needs a frame here, a block that is gone needs none.
      try #require(blocks.count == frames.count, "\(file) has \(blocks.count) blocks of Swift")
      for (block, frame) in zip(blocks, frames) {
        let body = frame(block.split(separator: "\n").filter { !$0.hasPrefix("import ") }.joined(separator: "\n"))
        let name = "Block\(sources.count + 1)"
        // Errors are shown as the page has them.
        let page = file.split(separator: "/").last ?? ""
        let source = """
          import Primitives
          import SubnetKit
          import TestKit
          import Testing

          // \(page)
          \(Self.isolated(body, as: name))
          """
        let path = "\(folder.path)/\(name).swift"
        try AtomicFile(path).write(Array(source.utf8))
        sources.append(path)
      }
    }
    #expect(sources.count == 12)
    try await typecheck(sources, module: "documentation", in: folder)
  }

  /// Names of one block are not those of another; an extension can stand only outside.
  private static func isolated(_ body: String, as name: String) -> String {
    body.contains("\nextension ") ? body : "struct \(name) {\n\(body)\n}"
  }
}
