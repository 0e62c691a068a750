package import JSONText
import Yuma

/// `subnet yuma FILE… [--check] [--json] [--explain UID]`: settles epochs offline from files of the vector format.
package struct YumaCommand {
  package var files: [String]
  /// Compare with the outputs in the file instead of printing.
  package var check = false
  /// One line of JSON a file, for machines.
  package var json = false
  /// Tell in numbers why this uid got what it got.
  package var explain: UInt16?
  /// Gives the document a name stands for.
  private let read: (String) throws -> JSONValue

  package init(
    files: [String], check: Bool = false, json: Bool = false, explain: UInt16? = nil,
    read: @escaping (String) throws -> JSONValue = { try JSONFile.read($0) }
  ) {
    self.files = files
    self.check = check
    self.json = json
    self.explain = explain
    self.read = read
  }

  /// Runs the command.
  ///
  /// - Parameters:
  ///   - print: Takes each piece of standard output.
  ///   - complain: Takes each message for standard error.
  /// - Returns: The exit code: 0 done, 1 a difference or an unreadable file, 2 no file given or too much asked at once.
  package func run(print: (String) -> Void, complain: (String) -> Void) -> Int32 {
    guard !files.isEmpty else {
      complain("subnet yuma: name at least one file (.json or .json.gz)\n")
      return 2
    }
    guard !check || explain == nil else {
      complain("subnet yuma: --check and --explain answer different questions; give one of them\n")
      return 2
    }
    var code: Int32 = 0
    for file in files {
      do {
        if try !settle(file, print: print) { code = 1 }
      } catch {
        // Errors of reading name their file themselves.
        complain(error is VectorFileError ? "subnet yuma: \(error)\n" : "subnet yuma: \(file): \(error)\n")
        code = 1
      }
    }
    return code
  }

  /// Settles one file; false where `--check` found a difference.
  private func settle(_ file: String, print: (String) -> Void) throws -> Bool {
    let vector = try YumaVector(read(file))
    let settled = try vector.settle(recordEach: explain != nil || (check && vector.uidCount <= YumaVector.matrixLimit))
    if check {
      let difference = try vector.firstDifference(settled)
      print(verdict(file, epochs: vector.expectedEpochCount, difference))
      return difference == nil
    }
    if let explain {
      for (index, epoch) in settled.enumerated() {
        let explanation = try EpochExplanation(epoch, uid: Int(explain), number: index)
        print(json ? explanation.document.compactText + "\n" : explanation.text)
      }
      return true
    }
    let document: JSONValue = [
      "format": 1, "name": .text(vector.name), "n": JSONValue(vector.uidCount),
      "epochs": .list(settled.map { ["output": $0.output.json] }),
    ]
    print((json ? document.compactText : document.prettyText) + "\n")
    return true
  }

  private func verdict(_ file: String, epochs: Int, _ difference: VectorDifference?) -> String {
    if json {
      var members = [JSONMember("file", .text(file)), JSONMember("same", .flag(difference == nil))]
      if let difference { members.append(JSONMember("difference", difference.json)) }
      return JSONValue.object(members).compactText + "\n"
    }
    guard let difference else { return "\(file): same, \(epochs) epoch\(epochs == 1 ? "" : "s")\n" }
    return "\(file): \(difference)\n"
  }
}

extension VectorDifference {
  fileprivate var json: JSONValue {
    [
      "epoch": JSONValue(epoch), "field": .text(field), "uid": uid.map { JSONValue($0) } ?? .null, "expected": expected,
      "found": found,
    ]
  }
}
