import JSONText
import Testing
import VectorFiles

@Suite struct YumaCommandTests {
  /// What one run of the command printed, complained and returned.
  private struct Run {
    var printed = ""
    var complained = ""
    var code: Int32 = -1
  }

  /// Runs the command on documents instead of files.
  private func run(
    _ documents: [String: JSONValue], _ files: [String], check: Bool = false, json: Bool = false, explain: UInt16? = nil
  ) -> Run {
    struct NoSuchDocument: Error {}
    let command = YumaCommand(files: files, check: check, json: json, explain: explain) { name in
      guard let document = documents[name] else { throw NoSuchDocument() }
      return document
    }
    var run = Run()
    run.code = command.run(print: { run.printed += $0 }, complain: { run.complained += $0 })
    return run
  }

  /// A committed vector; the example worked in yuma 16 unless another is named.
  private func vector(_ name: String = "example_worked") throws -> JSONValue {
    let file = VectorLibrary.files(topic: "yuma").first { $0.name == name }
    return try #require(file).json()
  }

  /// The same document with one passage replaced; the passage must be there.
  private func planting(_ replacement: String, for passage: String, in document: JSONValue) throws -> JSONValue {
    let text = document.compactText
    try #require(text.contains(passage))
    return try JSONValue(parsing: text.replacing(passage, with: replacement, maxReplacements: 1))
  }

  @Test func aFileThatAgreesIsSaidToBeTheSame() throws {
    let run = run(["a": try vector()], ["a"], check: true)
    #expect(run.printed == "a: same, 2 epochs\n")
    #expect(run.complained == "")
    #expect(run.code == 0)
  }

  @Test func aPlantedDifferenceIsNamedWithFieldUIDAndBothValues() throws {
    let planted = try planting(
      #""incentive":[0,0,0,39321,26213]"#, for: #""incentive":[0,0,0,39320,26213]"#, in: try vector())
    let run = run(["a": planted], ["a"], check: true)
    #expect(run.printed == "a: epoch 0: incentive of uid 3: expected 39321, found 39320\n")
    #expect(run.code == 1)
  }

  @Test func aPlantedDifferenceInABondNamesTheRow() throws {
    let planted = try planting("[[3,10923],[4,65535]]", for: "[[3,10922],[4,65535]]", in: try vector())
    let run = run(["a": planted], ["a"], check: true)
    #expect(
      run.printed == "a: epoch 0: bonds of uid 1: expected [[3,10923],[4,65535]], found [[3,10922],[4,65535]]\n")
    #expect(run.code == 1)
  }

  @Test func anOutputThatIsTooShortIsADifference() throws {
    let planted = try planting(
      #""incentive":[0,0,0,39320]"#, for: #""incentive":[0,0,0,39320,26213]"#, in: try vector())
    let run = run(["a": planted], ["a"], check: true)
    #expect(run.printed == "a: epoch 0: incentive of uid 4: expected null, found 26213\n")
    #expect(run.code == 1)
  }

  @Test func aDifferenceIsAlsoToldToMachines() throws {
    let planted = try planting(
      #""incentive":[0,0,0,39321,26213]"#, for: #""incentive":[0,0,0,39320,26213]"#, in: try vector())
    let run = run(["a": planted, "b": try vector()], ["a", "b"], check: true, json: true)
    let lines = try run.printed.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    try #require(lines.count == 2)
    #expect(lines[0]["same"] == .flag(false))
    #expect(
      lines[0]["difference"] == [
        "epoch": 0, "field": "incentive", "uid": 3, "expected": 39321, "found": 39320,
      ])
    #expect(lines[1] == ["file": "b", "same": .flag(true)])
    #expect(run.code == 1)
  }

  @Test(arguments: ["example_worked", "example_worked_yuma3", "edge_no_stake"])
  func whatIsPrintedIsWhatTheFileExpects(name: String) throws {
    let document = try vector(name)
    for json in [false, true] {
      let run = run(["a": document], ["a"], json: json)
      #expect(run.code == 0)
      let printed = try JSONValue(parsing: run.printed)
      #expect(printed["n"] == document["n"])
      let (found, expected) = (try printed.member("epochs").elements(), try document.member("epochs").elements())
      #expect(found.count == expected.count)
      for (found, expected) in zip(found, expected) {
        for member in try expected.member("output").members() {
          #expect(found["output"]?[member.name] == member.value, "\(name): \(member.name)")
        }
      }
    }
  }

  /// The numbers of the worked example, yuma 16: 0.5, 0.75 and so on as shares.
  @Test func anExplanationTellsTheWorkedExamplesNumbers() throws {
    let server = run(["a": try vector()], ["a"], explain: 4)
    #expect(server.code == 0)
    for line in [
      "epoch 0, block 10000, uid 4", "as server: consensus 0.500000000",
      "validator 0 gives 0.250000000, votes with 0.500000000: adds 0.125000000",
      "validator 1 gives 0.750000000 cut to 0.500000000, votes with 0.250000000: adds 0.125000000",
      "rank 0.375000000, incentive 0.399999999", "serving 0.199999999 (0.199999999)", "epoch 1, block 10361, uid 4",
    ] {
      #expect(server.printed.contains(line), "\(line) is not in\n\(server.printed)")
    }
    let validator = run(["a": try vector()], ["a"], explain: 1)
    for line in [
      "validator permit yes before, yes now", "trust 0.750000000 of its weight survived",
      "holds 0.111111109 of server 3, whose incentive is 0.599999999", "dividends 0.199999998",
      "validating 0.099999999",
    ] {
      #expect(validator.printed.contains(line), "\(line) is not in\n\(validator.printed)")
    }
  }

  @Test func anExplanationIsAlsoToldToMachines() throws {
    let run = run(["a": try vector()], ["a"], json: true, explain: 4)
    #expect(run.code == 0)
    let lines = try run.printed.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    try #require(lines.count == 2)
    #expect(lines[0]["uid"] == 4)
    #expect(lines[0]["consensus"] == .decimal("0.500000000"))
    #expect(
      try lines[0].member("ratings").elements()[1] == [
        "validator": 1, "weight": .decimal("0.750000000"), "clipped": .decimal("0.500000000"),
        "vote": .decimal("0.250000000"), "adds": .decimal("0.125000000"),
      ])
    #expect(lines[0]["incentive"] == .decimal("0.399999999"))
    #expect(lines[1]["epoch"] == 1)
  }

  @Test func comparingAndExplainingAtOnceIsRefused() throws {
    let run = run(["a": try vector()], ["a"], check: true, explain: 1)
    #expect(run.printed.isEmpty)
    #expect(run.complained == "subnet yuma: --check and --explain answer different questions; give one of them\n")
    #expect(run.code == 2)
  }

  @Test func aFileThatExpectsNothingIsNotSaidToBeTheSame() throws {
    let epochs = try vector().member("epochs").elements().map {
      JSONValue.object([JSONMember("input", $0["input"] ?? .null)])
    }
    let members = try vector().members().map { $0.name == "epochs" ? JSONMember("epochs", .list(epochs)) : $0 }
    let run = run(["a": .object(members)], ["a"], check: true)
    #expect(run.printed.isEmpty)
    #expect(run.complained.contains("to compare with"))
    #expect(run.code == 1)
  }

  @Test func askingForAUIDThatIsNotThereFails() throws {
    let run = run(["a": try vector()], ["a"], explain: 5)
    #expect(run.complained == "subnet yuma: a: there is no uid 5; uids run from 0 to 4\n")
    #expect(run.code == 1)
  }

  @Test func oneBadFileDoesNotKeepTheOthersFromBeingSettled() throws {
    let run = run(["a": ["format": 1], "b": try vector()], ["missing", "a", "b"], check: true)
    #expect(run.printed == "b: same, 2 epochs\n")
    #expect(run.complained.split(separator: "\n").count == 2)
    #expect(run.code == 1)
  }

  @Test func aFileThatIsNotThereIsNamedOnceWithTheReason() {
    var complained = ""
    let command = YumaCommand(files: ["/no/such/file.json"], check: false, json: false, explain: nil)
    let code = command.run(print: { _ in }, complain: { complained += $0 })
    #expect(
      complained == "subnet yuma: /no/such/file.json: cannot be read: No such file or directory; name another file\n")
    #expect(code == 1)
  }

  @Test func withoutAFileThereIsNothingToDo() {
    #expect(run([:], []).code == 2)
  }
}
