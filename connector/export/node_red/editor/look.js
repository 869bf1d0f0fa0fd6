// What the nodes of triggers have that those of blocks have not: how often they look, and a button that has them look now.

const PACE = "pace";
const UNITS = [
    { value: PACE, label: "as the day's calls allow", hasValue: false },
    { value: "s", label: "seconds" },
    { value: "min", label: "minutes" },
    { value: "h", label: "hours" },
];
/** The longest pause that is of use, in hours. */
const LONGEST = 24 * 7;

function isTrigger(block) {
    return block.watches !== undefined;
}

function buildLookDefaults() {
    return {
        every: {
            value: "",
            label: "Look every",
            validate: function (text, options) {
                const box = $("#node-input-everyType");
                const isOpen = openNode !== null && this.id === openNode.id && box.length;
                const unit = isOpen ? box.val() : this.everyType;
                const hours = Number(text) / { s: 3600, min: 60, h: 1 }[unit];
                const fits = unit === PACE || (Number(text) > 0 && hours <= LONGEST);
                return fits || (options ? "Look every must be a number above 0, and a week at most" : false);
            },
        },
        everyType: { value: PACE },
    };
}

function showLookRow() {
    $("#node-input-every").typedInput({ default: PACE, types: UNITS, typeField: "#node-input-everyType" });
}

const LOOK_BUTTON = {
    enabled: function () {
        return !this.changed;
    },
    onclick: function () {
        if (this.changed) {
            RED.notify("Deploy first: what is not deployed can't look.", "warning");
            return;
        }
        askNodeRed("look", { node: this.id }).then(
            function (answer) {
                if (!answer.ok) {
                    RED.notify(escapeText(answer.text), "warning");
                }
            },
            function (failure) {
                RED.notify("Node-RED answered with status " + failure.status + ".", "error");
            }
        );
    },
};
