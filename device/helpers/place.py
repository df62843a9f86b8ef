# Gives the files of packages that wait in a folder their places, as the record of what is installed says, which waits there too, and takes away what
# is of no use any more. What an earlier call did that was cut off is not done again. At last the record gets its place, and the folder goes. At the
# end it prints a 0x02 and a 1.
def _upyw(base, waiting, record):
    import json, os

    # include commit
    held = base + waiting
    plan = None
    try:
        with open(held + record) as file:
            plan = json.load(file)
    except OSError as error:
        # It may not have got so far; then nothing has its place yet.
        if error.args[0] != 2:
            raise
    except ValueError:
        # Nor has it where the record itself was cut off.
        pass
    if plan:
        here = [entry[0] for entry in os.ilistdir(held)]
        made = [""]
        index = -1
        for package in plan["packages"]:
            for entry in package["files"]:
                index += 1
                if str(index) not in here:
                    continue
                path = entry["path"]
                folder = path[: max(0, path.rfind("/"))]
                if folder not in made:
                    made.append(folder)
                    end = 0
                    while end >= 0:
                        end = folder.find("/", end + 1)
                        try:
                            os.mkdir(base + (folder if end < 0 else folder[:end]))
                        except OSError as error:
                            if error.args[0] != 17:
                                raise
                commit(held + str(index), base + path)
        for path in plan.get("removed", ()):
            try:
                os.remove(path)
            except OSError as error:
                if error.args[0] != 2:
                    raise
        commit(held + record, base + record)
    for entry in list(os.ilistdir(held)):
        os.remove(held + entry[0])
    os.rmdir(held[:-1])
    print("\x021")
