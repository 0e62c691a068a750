import PythonModule

/// The files of a new subnet's project: mechanism, network file, scenario and, in Swift, package and unit test.
package struct NewProject: Sendable {
  package enum Language: String, Sendable, CaseIterable {
    case swift, python
  }

  /// A file of the project.
  package struct File: Sendable, Hashable {
    /// Within the project's folder.
    package let path: String
    package let text: String
    /// Whether it is a program.
    package let isExecutable: Bool
  }

  package let name: String
  package let language: Language
  /// The folder of SubnetKit's sources, for a Swift package.
  private let kit: String

  /// - Precondition: `isName(name)`.
  package init(_ name: String, language: Language, kit: String = "") {
    precondition(NewProject.isName(name), "a project's name is also a package's and a mechanism's")
    self.name = name
    self.language = language
    self.kit = kit
  }

  /// Whether a text can name a project: 1 to 64 of `a-z 0-9 _ -`, beginning with a letter.
  package static func isName(_ text: String) -> Bool {
    guard (1...64).contains(text.utf8.count), let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { byte in
      isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: "-")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

  /// The mechanism's type: `my-subnet` is `MySubnet`.
  package var typeName: String {
    name.split { $0 == "-" || $0 == "_" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// The file that its author edits.
  package var mechanismPath: String {
    switch language {
    case .swift: "Sources/\(name)/\(typeName).swift"
    case .python: "\(name).py"
    }
  }

  /// The program that nodes start.
  private var plugin: String {
    switch language {
    case .swift: ".build/debug/\(name)"
    case .python: mechanismPath
    }
  }

  /// All files, in the order in which they are to be read.
  package var files: [File] {
    let shared = [
      file("network.json5", PackageResources.network_json5),
      file("Scenarios/\(name).json5", PackageResources.scenario_json5),
    ]
    switch language {
    case .swift:
      return [
        file(mechanismPath, PackageResources.Mechanism_swift_txt),
        file("Sources/\(name)/main.swift", PackageResources.main_swift_txt),
        file("Tests/\(typeName)Tests/\(typeName)Tests.swift", PackageResources.MechanismTests_swift_txt),
        file("Package.swift", PackageResources.Package_swift_txt),
        File(path: ".gitignore", text: ".build/\n", isExecutable: false),
      ] + shared
    case .python:
      return [
        File(path: mechanismPath, text: pythonMechanism, isExecutable: true),
        File(path: "subnetkit.py", text: text(of: PythonFiles.module), isExecutable: false),
      ] + shared
    }
  }

  private var pythonMechanism: String {
    text(of: PythonFiles.example).replacing("Sums", with: typeName).replacing("\"sums\"", with: "\"\(name)\"")
  }

  private func file(_ path: String, _ template: [UInt8]) -> File {
    let quoted = kit.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let values = [
      "@NAME@": name, "@TYPE@": typeName, "@MODULE@": name.replacing("-", with: "_"), "@PLUGIN@": "./" + plugin,
      "@KIT@": quoted,
    ]
    var text = text(of: template).replacing("../@PLUGIN@", with: "../" + plugin)
    for (mark, value) in values { text = text.replacing(mark, with: value) }
    return File(path: path, text: text, isExecutable: false)
  }

  private func text(of bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
