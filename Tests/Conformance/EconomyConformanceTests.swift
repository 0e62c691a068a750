import JSONText
import Testing
import VectorFiles

/// The economy's formulas against the golden vectors, to the unit.
@Suite struct EconomyFormulaConformance {
  static let files = VectorLibrary.files(topic: "economy")

  @Test func theVectorsCoverEveryFormulaAndNoOthers() throws {
    var topics: Set<String> = []
    for file in Self.files { topics.insert(try file.json().member("topic").string()) }
    #expect(topics == Set(EconomyFormulas.byTopic.keys).union(EconomyFormulas.ofTheLedger))
  }

  @Test(arguments: files)
  func everyCaseComesOutExactly(file: VectorFile) throws {
    let document = try file.json()
    let topic = try document.member("topic").string()
    if EconomyFormulas.ofTheLedger.contains(topic) { return }
    guard let formula = EconomyFormulas.byTopic[topic] else { throw VectorFileError.unknownTopic(path: file.path) }
    let cases = try document.member("cases").elements()
    #expect(!cases.isEmpty)
    for vector in cases {
      let name = try vector.member("id").string()
      let result = try formula(vector.member("in")).ordered
      let expected = try vector.member("out").ordered
      #expect(result == expected, "\(name): \(result.compactText) instead of \(expected.compactText)")
    }
  }
}
