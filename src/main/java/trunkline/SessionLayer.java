package trunkline;

import trunkline.announcement.AnnouncementKind;
import trunkline.announcement.AnnouncementPolicy;
import trunkline.announcement.Announcements;
import trunkline.catalog.CatalogSwitches;
import trunkline.config.Policies;
import trunkline.rate.Rates;
import trunkline.seal.Seals;
import trunkline.session.Hearing;
import trunkline.session.SessionKey;
import trunkline.session.Sessions;

/// The sessions, announcements, switches, seals and rates.
record SessionLayer(
    Sessions sessions,
    Hearing hearing,
    Announcements announcements,
    CatalogSwitches switches,
    Seals seals,
    Rates rates) {

  static SessionLayer open(ClusterLayer cluster, Policies policies) {
    var signals = cluster.signals();
    var sessions =
        new Sessions(cluster.database(), policies.sessions(), signals.waker(), cluster.events());
    var announcements =
        new Announcements(
            cluster.database(),
            cluster::self,
            sessions,
            signals,
            AnnouncementPolicy.DEFAULT,
            cluster.memory(),
            cluster.events());
    var hearing = sessions.remember(cluster.database(), signals, cluster.instances()::registration);
    // before everybody else that listens: who hears of a change looks the session up
    announcements.on(
        AnnouncementKind.SESSION_CHANGED,
        changed -> hearing.changed(new SessionKey(Long.parseLong(changed.about()))));
    announcements.onGap(hearing::missed);
    announcements.onHead(hearing::heard);
    var switches = new CatalogSwitches(cluster.database());
    switches.listen(announcements);
    var seals = new Seals(cluster.database(), cluster.events());
    var rates =
        new Rates(
            cluster.database(), policies.rates(), cluster.instances()::living, cluster.events());
    rates.listen(announcements);
    return new SessionLayer(sessions, hearing, announcements, switches, seals, rates);
  }

  void start() {
    announcements.start();
    hearing.start(announcements::readOnce);
    announcements.outbox().start();
    switches.read();
    seals.start();
    rates.start();
  }

  /// Forgets what it remembers of the database, as at a start: it may be another one now.
  void restart() {
    hearing.restart();
    announcements.restart();
    switches.restart();
    seals.restart();
    rates.restart();
  }

  void close() {
    rates.close();
    hearing.close();
    announcements.close();
    sessions.close();
  }
}
