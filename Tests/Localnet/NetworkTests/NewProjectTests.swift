import Daemon
import Localnet
import ProjectTemplates
import Scenarios
import Testing

/// What `subnet new` writes.
@Suite struct NewProjectTests {
  @Test(arguments: ["a", "my-subnet", "text_2", String(repeating: "n", count: 64)])
  func aNameBeginsWithALetter(text: String) { #expect(NewProject.isName(text)) }

  @Test(arguments: ["", "2text", "-a", "My", "a b", "../a", "a.py", String(repeating: "n", count: 65)])
  func anythingElseNamesNoProject(text: String) { #expect(!NewProject.isName(text)) }

  @Test(arguments: NewProject.Language.allCases) func noMarkIsLeftInAnyFile(language: NewProject.Language) throws {
    let project = NewProject("my-sub_net", language: language, kit: "/home/\"ann\"/kit")
    #expect(project.typeName == "MySubNet")
    for file in project.files {
      #expect(!file.text.contains(#/@[A-Z]+@/#), "\(file.path)")
      // The module that a mechanism imports shows the example in its own words.
      #expect(file.path == "subnetkit.py" || !file.text.lowercased().contains("sums"), "\(file.path)")
    }
    #expect(project.files.contains { $0.path == project.mechanismPath && $0.text.contains("\"my-sub_net\"") })
    #expect(Set(project.files.map(\.path)).count == project.files.count)
  }

  @Test(arguments: NewProject.Language.allCases)
  func theNetworkFileAndTheScenarioMeanTheSameProgram(language: NewProject.Language) throws {
    let folder = try TemporaryFolder()
    let project = NewProject("mine", language: language)
    for file in project.files where file.path.hasSuffix(".json5") {
      try makeFolders("\(folder.path)/Scenarios")
      try AtomicFile("\(folder.path)/\(file.path)").write(Array(file.text.utf8))
    }
    let network = try #require(try NetworkFile.find(in: folder.path))
    let scenario = try Scenario(file: folder.path + "/Scenarios/mine.json5")
    #expect(network.name.text == "mine")
    #expect(network.network.program == scenario.network.program)
    let program = try #require(network.network.program)
    #expect(program.name == "mine")
    #expect(project.files.contains { folder.path + "/" + $0.path == program.path } == (language == .python))
    let plan = network.network.plan(of: network.groups, executables: "", folder: StateFolder(existing: ""))
    #expect(plan.validatorCount == 2 && plan.minerCount == 4 && plan.plugin == program)
  }

  @Test(arguments: [
    ("{ name: 'a' }", "needs 'network'"), ("{ network: { subnet: 'adder' } }", "needs 'name'"),
    ("{ name: 'A b', network: { subnet: 'adder' } }", "1:9"),
    ("{ name: 'a', network: { subnt: 'adder' } }", "did you mean 'subnet'"),
    ("{ name: 'a', network: { subnet: 'adder' }, expect: [] }", "no key 'expect'"), ("{ name:", "network.json5:1:"),
  ])
  func aBadNetworkFileIsRefusedWithItsPlace(text: String, part: String) throws {
    let folder = try TemporaryFolder()
    #expect(try NetworkFile.find(in: folder.path) == nil)
    try AtomicFile(folder.path + "/network.json5").write(Array(text.utf8))
    do throws(ScenarioFileError) {
      _ = try NetworkFile.find(in: folder.path)
      Issue.record("\(text) was taken")
    } catch {
      #expect(error.description.contains(part), "\(error)")
    }
  }

  @Test func theCommandWritesWhereNothingIsAndRefusesElsewhere() async throws {
    try await withUser { (user: NetworkUser) async throws in
      let name = user.folder.path.dropFirst() + "/x"
      #expect(try await user.refusal("subnet new \(name)", code: 2).contains("beginning with a letter"))
      #expect(try await user.refusal("subnet new mine --kit /nonexistent", code: 2).contains("--kit"))
      #expect(try await user.refusal("subnet new mine --language cobol", code: 2).contains("one of swift, python"))
      #expect(try await user.refusal("subnet new", code: 2).contains("NAME is required"))
    }
  }

  /// The compiler judges the Swift files against the modules of this build: a whole build of a project takes minutes.
  @Test(.enabled(if: programOnPath("swiftc") != nil, "there is no swiftc"), .timeLimit(.minutes(30)))
  func theSwiftFilesCompileAgainstThisBuild() async throws {
    let folder = try TemporaryFolder()
    let project = NewProject("my-subnet", language: .swift)
    var sources: [String] = []
    for file in project.files where file.path.hasSuffix(".swift") && file.path != "Package.swift" {
      let path = "\(folder.path)/\(file.path.split(separator: "/").last!)"
      // Here all are one module.
      let text = file.text.replacing("@testable import my_subnet\n", with: "")
      try AtomicFile(path).write(Array(text.utf8))
      sources.append(path)
    }
    #expect(sources.count == 3)
    try await typecheck(sources, module: "my_subnet", in: folder)
  }

  /// A whole Swift project, built and tested as its author would: minutes, so only on request.
  @Test(
    .enabled(if: processEnvironment()["SUBNETKIT_SWIFT_PROJECT"] == "1", "SUBNETKIT_SWIFT_PROJECT=1 builds one"),
    .timeLimit(.minutes(60)))
  func aSwiftProjectBuildsRunsAndPasses() async throws {
    try await withUser { (user: NetworkUser) async throws in
      var shell = Shell(user: user)
      try await shell.done("subnet new my-subnet --language swift")
      shell.folder += "/my-subnet"
      try await shell.done("subnet up --epochs 1", within: .seconds(1800))
      try await shell.done("subnet test", within: .seconds(600))
      try await shell.done("swift test", within: .seconds(1800))
    }
  }
}
