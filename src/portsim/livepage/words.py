"""What the live page says, in each language that it can be switched to."""

from portsim.wording import days, say

__all__ = ["LANGUAGES", "words_of_page"]

LANGUAGES = ("en", "zh", "ru")


def words_of_page() -> dict[str, str | list[str]]:
    """Its sentences in the language being spoken; names in braces are set in by the page."""
    return {
        "days": list(days()),
        "about": say(
            "{first} to {last}, times of {zone}. The compiled engine runs in this page; nothing "
            "leaves it.",
            first="{first}",
            last="{last}",
            zone="{zone}",
        ),
        "hours": say("Opening hours"),
        "hoursHelp": say(
            "Drag an edge, or choose it and press ← → (a quarter of an hour; with shift, an hour)."
        ),
        "everyDay": say("move the same edge on every day with the same hours"),
        "opens": say("{calendar}, {day}: opens", calendar="{calendar}", day="{day}"),
        "closes": say("{calendar}, {day}: closes", calendar="{calendar}", day="{day}"),
        "followed": say("Trucks follow these hours: they cannot be moved here."),
        "openOn": say("{calendar}: open on {day}", calendar="{calendar}", day="{day}"),
        "lunch": say("Lunch"),
        "lunchFrom": say("{calendar}: lunch from", calendar="{calendar}"),
        "lunchTo": say("{calendar}: lunch until", calendar="{calendar}"),
        "noLunch": say("none"),
        "closedDays": say("Closed days"),
        "addClosed": say("{calendar}: close on a day more", calendar="{calendar}"),
        "openAgain": say("open on {day} again", day="{day}"),
        "staff": say("Officers, lanes and places"),
        "less": say("one less: {name}", name="{name}"),
        "more": say("one more: {name}", name="{name}"),
        "demand": say("Demand"),
        "minutes": say("Work time by stage"),
        "shares": say("Shares of trucks"),
        "sharesHelp": say("The first channel of a set takes what the others leave."),
        "shareOfChannel": say("{set}: {channel}", set="{set}", channel="{channel}"),
        "shareOfClass": say("{class_} at {stage}", class_="{class}", stage="{stage}"),
        "share": say("out within {hours} h", hours="{hours}"),
        "against": say(
            "{change} points against {policy}, the same trucks",
            change="{change}",
            policy="{policy}",
        ),
        "interval": say("95 % interval {low} to {high}", low="{low}", high="{high}"),
        "noSpread": say("no spread: the same in all {count} replications", count="{count}"),
        "neverOpen": say("{stage} is never open.", stage="{stage}"),
        "neverMet": say(
            "{stage} is never open with enough of {resource} on duty.",
            stage="{stage}",
            resource="{resource}",
        ),
        "runsInto": say(
            "{calendar}: the hours of {day} run into those of the next day.",
            calendar="{calendar}",
            day="{day}",
        ),
        "refused": say("portsim refuses such a policy: it cannot be saved as an overlay."),
        "replications": say("{count} of {all} replications", count="{count}", all="{all}"),
        "arrived": say("Trucks that come a day"),
        "throughput": say("Trucks out a day"),
        "stay": say("Mean stay, h"),
        "queueMean": say("Mean queue, trucks"),
        "insideEnd": say("Inside at the end, trucks"),
        "staffed": say("Rostered hours a day"),
        "cost": say("Staff costs a day, {currency}", currency="{currency}"),
        "bare": say("Staff costs a day without overtime, {currency}", currency="{currency}"),
        "time": say("Time of trucks a day, {currency}", currency="{currency}"),
        "both": say("Staff and time of trucks a day, {currency}", currency="{currency}"),
        "queue": say("Trucks in queues"),
        "queueOf": say(
            "Trucks in queues over the period: {mean} on average, {most} at most in an hour.",
            mean="{mean}",
            most="{most}",
        ),
        "week": say("Queue by hour of the week"),
        "weekOf": say("The queue is longest on {day} at {hour}.", day="{day}", hour="{hour}"),
        "nobody": say("Nobody waits."),
        "inside": say("Trucks inside"),
        "insideOf": say(
            "Trucks inside over the period: {mean} on average, {most} at most in an hour.",
            mean="{mean}",
            most="{most}",
        ),
        "daily": say("Trucks out, day by day"),
        "dailyOf": say("{came} trucks come a day, {out} are out.", came="{came}", out="{out}"),
        "waits": say("Where trucks wait, h a truck"),
        "waitsAt": say("Stage"),
        "waitsOpen": say("while it is open and staffed"),
        "waitsShut": say("while it is shut or unstaffed"),
        "loads": say("What is asked, of what can be done"),
        "loadsOf": say(
            "Work of the trucks that come, over the work that can be done while stages are open. "
            "Above 100 % more is asked than can be done."
        ),
        "policies": say("Pinned policies"),
        "policy": say("Policy"),
        "pin": say("Pin this policy"),
        "unpin": say("take out {policy}", policy="{policy}"),
        "use": say("show {policy}", policy="{policy}"),
        "asItIs": say("as it is"),
        "number": say("policy {number}", number="{number}"),
        "back": say("Back"),
        "forward": say("Forward"),
        "reset": say("As it was"),
        "yaml": say("Save as overlay (YAML)"),
        "csv": say("Save figures (CSV)"),
        "png": say("Save picture (PNG)"),
        "print": say("Print"),
        "source": say("moved on the live page"),
        "moved": say("Moved on the live page."),
        "assumed": say("assumed"),
        "range": say("range {low} to {high}", low="{low}", high="{high}"),
        "replay": say("A day truck by truck"),
        "replayDay": say("Day"),
        "replayPlay": say("Play this day"),
        "replayOf": say("{day} under the policy as it stands above, replication 1.", day="{day}"),
        "replayNobody": say("No truck is at the port on {day}.", day="{day}"),
        "language": say("Language"),
        "failed": say("The engine stopped: {why}", why="{why}"),
        "working": say("working …"),
    }
