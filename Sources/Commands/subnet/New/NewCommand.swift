import Daemon
import JSONText
import ProjectTemplates

/// `subnet new`: writes the project of a new subnet.
enum NewCommand {
  static let language = Option(
    "language", .name, default: NewProject.Language.swift, purpose: "What the mechanism is written in.")
  static let kit = Option<String?>(
    optional: "kit", .path,
    purpose: "Folder of SubnetKit's sources, which a Swift project builds on; those of this program without it.")
  static let json = Option(flag: "json", purpose: "Print the written files as JSON.")
  static let table = CommandDescription(
    "new", purpose: "Write the project of a new subnet: a mechanism that works, its network, its tests.",
    options: [language, kit, json],
    positionals: [
      .init("NAME", purpose: "The subnet, and its folder in this one: 1 to 64 of a-z, 0-9, _ and -.")
    ], example: "subnet new my-subnet --language python")

  static func run(_ arguments: ParsedArguments) throws -> ExitCode {
    let name = arguments.positionals[0]
    guard NewProject.isName(name) else {
      throw CommandMistake(
        "NAME is \"\(escapedText(name, limit: 80))\": expected 1 to 64 of a-z, 0-9, _ and -, beginning with a letter")
    }
    let language = arguments[language]
    let project = NewProject(
      name, language: language, kit: language == .swift ? try KitLocation.find(given: arguments[kit]) : "")
    guard FileMark(name) == nil else {
      throw CommandMistake("there is a \(name) in this folder already: choose another name, or remove it")
    }
    for file in project.files {
      let path = "\(name)/\(file.path)"
      try makeFolders(path.split(separator: "/").dropLast().joined(separator: "/"), mode: 0o755)
      try AtomicFile(path, mode: file.isExecutable ? 0o755 : 0o644).write(Array(file.text.utf8))
    }
    tell(of: project, json: arguments[json])
    return .done
  }

  private static func tell(of project: NewProject, json: Bool) {
    let name = project.name
    guard !json else {
      let document: JSONValue = [
        "name": .text(name), "folder": .text(absolutePath(name)), "edit": .text(project.mechanismPath),
        "files": .list(project.files.map { .text($0.path) }),
      ]
      Terminal.standardOutput.write(document.compactText + "\n")
      return
    }
    var table = TextTable([.init(""), .init("")])
    table.append(["edit \(project.mechanismPath)", "what miners do, and what their answers are worth"])
    table.append(["subnet up", "run it: 2 validators and 4 miners; Ctrl-C ends it, --watch follows your changes"])
    table.append(["subnet test", "see that honest miners earn and liars do not"])
    if project.language == .swift {
      table.append(["swift test", "test the mechanism alone"])
    } else {
      table.append(["subnet plugin check ./\(name).py", "try the mechanism alone"])
    }
    let lines =
      ["\(name) is written: a subnet that runs as it is. Next:", "", "  cd \(name)"]
      + table.lines().dropFirst().map { "  " + $0 }
    let note = project.language == .swift ? ["", "The first build takes some minutes: it builds SubnetKit too."] : []
    Terminal.standardOutput.write((lines + note).joined(separator: "\n") + "\n")
  }
}
