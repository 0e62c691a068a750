import Daemon

/// The folder in which a user's networks lie side by side, one folder a name: `~/.subnetkit/networks`.
package struct NetworkHome: Sendable {
  package let path: String

  /// - Throws: `noHome` when the environment names no home folder.
  package init(environment: [String: String] = processEnvironment()) throws(NetworkRefusal) {
    guard let home = environment["HOME"], !home.isEmpty else { throw .noHome }
    path = home + "/.subnetkit/networks"
  }

  /// The folder of a network, whether it is there or not.
  package func folder(of name: NetworkName) -> StateFolder { StateFolder(existing: "\(path)/\(name)") }

  /// Every network that has a folder, by name.
  package var networks: [KnownNetwork] {
    folderContents(path).compactMap { text in
      guard let name = NetworkName(text), FileMark("\(path)/\(text)")?.isFolder == true else { return nil }
      return KnownNetwork(name: name.text, folder: folder(of: name))
    }
  }

  /// The network that a command means.
  ///
  /// - Parameter name: As its user gave it; without one the only network that runs is meant.
  package func network(named name: String?) throws(NetworkRefusal) -> KnownNetwork {
    let all = networks
    if let name {
      guard let found = all.first(where: { $0.name == name }) else {
        throw NetworkName(name) == nil ? .badName(name) : .unknown(name, known: all.map(\.name))
      }
      return found
    }
    let running = all.filter(\.isRunning)
    guard let first = running.first else { throw .noneRunning(stopped: all.map(\.name)) }
    guard running.count == 1 else { throw .severalRunning(running.map(\.name)) }
    return first
  }

  /// The first name that nobody uses: the wanted one, or it with a number. A stopped network that nobody named makes room.
  package func freeName(_ wanted: NetworkName) -> NetworkName {
    var number = 1
    var name = wanted
    while true {
      let folder = folder(of: name)
      if FileMark(folder.path) == nil || (!folder.isRunning && folder.launcher?.isKept == false) { return name }
      number += 1
      name = wanted.numbered(number)
    }
  }
}

/// A network that has a folder on this machine.
package struct KnownNetwork: Sendable {
  package let name: String
  package let folder: StateFolder

  package init(name: String, folder: StateFolder) {
    self.name = name
    self.folder = folder
  }

  /// Whether its launcher lives.
  package var isRunning: Bool { folder.isRunning }

  /// What to add to a command so that it means this network.
  package var options: String {
    do throws(NetworkRefusal) {
      let home = try NetworkHome()
      if folder.path == "\(home.path)/\(name)" { return "--name \(name)" }
    } catch {
      // Without a home folder no network is found by its name.
    }
    return "--state \(folder.path)"
  }
}
