//! Signals that a text speaks to the reader instead of about its subject. One that is strong is enough; several weak ones in one
//! paragraph are as good.

use crate::{
    Kind, decode,
    fold::Folded,
    words::{Part, Words},
};
use regex::Regex;
use std::sync::LazyLock;

/// How much a signal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    Weak,
    Strong,
}

/// A signal and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signal {
    pub(crate) kind: Kind,
    pub(crate) strength: Strength,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What to show, where the text itself would tell nothing.
    pub(crate) shown: Option<String>,
}

/// Words within which one order is given.
const REACH: usize = 9;
/// How deep what is encoded is decoded.
const DEPTH: usize = 3;

/// Expressions over folded text. Each is (strength, name, expression).
const PHRASES: &[(Strength, &str, &str)] = &[
    // Who the reader is to be.
    (
        Strength::Strong,
        "role",
        r"\b(you are|you're|you will be|you shall be) (now|henceforth|from now on) (an? (ai|a\.i\.|un\w+|evil|hack\w*|\w*gpt|chatbot|assistant|pirate|villain|linux|terminal|expert|different|new|free|helpful|dan|character|persona|jail\w+|rogue|financial|\w+ (ai|bot|assistant|model|agent|hacker|terminal|tool))\b|in (\w+ )?mode|no longer an? (ai|assistant|bot|model|chatbot)|called|named|free|acting|operating|going|un\w+|\w*gpt|dan\b|[a-z]+bot\b)",
    ),
    (
        Strength::Strong,
        "role",
        r"\bfrom (now|this (point|moment)|here) (on|onwards?|forward),? (you|your|act|answer|respond|reply|ignore|obey|behave|speak|pretend)\b",
    ),
    (
        Strength::Strong,
        "role",
        r"\b(pretend|imagine|act|behave|respond|speak|answer|roleplay|role-play|simulate)( \w+){0,4} (as if|that|as though|like)? ?(you (are|were|have|had|can|could)|you're)( \w+){0,6} (no|not|without|any|free|un\w+|evil|dan|hacker|developer|admin\w*|root|human|model|ai|assistant|chatbot|gpt\w*|jailbr\w+|rules?|limit\w*|restrict\w*)\b",
    ),
    (
        Strength::Weak,
        "role",
        r"(^|[.!?:;,>\])*\x22'-] ?|\band |\bthen |\bplease |\bto |\bwill |\bmust |\bnow )(act|pretend|behave|roleplay|role-play|respond|pose|simulate being|impersonate|play the role|take on the role|assume the role|adopt the persona|enter character)( \w+)?( (as|to be|like|of|you|an?)\b|:)",
    ),
    (
        Strength::Strong,
        "role",
        r"\b(dan|do anything now|stan|dude|aim|developer|dev|debug|god|sudo|admin\w*|root|jailbreak|jailbroken|unrestricted|unfiltered|maintenance|opposite|evil|chaos|override)[ -]mode (on|enabled|activated|engaged|now|is|where|in which)\b|\b(in|into|enter|enable|activate|switch to|simulate) (\w+ )?(dan|do anything now|developer|dev|debug|god|sudo|root|jailbreak|unrestricted|unfiltered|evil|chaos|override)[ -]mode\b",
    ),
    (Strength::Strong, "role", r"\b(do anything now|jailbr(eak|oken)|enter(ing)? (dan|god))\b"),
    (
        Strength::Weak,
        "unbound",
        r"\b(unrestricted|unfiltered|uncensored|amoral|unethical|evil|without (any |all )?(restrictions?|limit\w*|filters?|censorship|ethic\w*|moral\w*|rules|guidelines|safety|refus\w+)|no (\w+ )?(restrictions?|limitations?|filters?|ethic\w*|moral\w*|guardrails|content polic\w+)|not have any (\w+ )?(restrictions?|limit\w*|ethic\w*|moral\w*|rules|guidelines|filters?)|(freed?|liberated|broken free|released|exempt) (from|of) (all |any |your |the |its )?(\w+ )?(restrictions?|constraints?|limit\w*|rules|guidelines|filters?|confines|policies|training)|never (declines?|refuses?)|any request)\b",
    ),
    (
        Strength::Weak,
        "role",
        r"\b(stay|remain|keep|break) (in|out of) character\b|\bhypothetical(ly)? (response|speaking|scenario)\b|\bopposite day\b|\b(new|different|another|second|alternate) (persona|personality|identity)\b|\b\w*(gpt|bot)\b (has|is|does|can|never|will|answers)\b|\b(evil|chaos|unfiltered|freedom|no-?filter)-?gpt\b",
    ),
    (
        Strength::Strong,
        "role",
        r"\b(a partir de (ahora|agora|maintenant)|de ahora en adelante|desormais|dorenavant|ab (jetzt|sofort)|von nun an|ab nun|d'ora in poi|da ora|vanaf nu|od teraz|fran och med nu|artik|mulai sekarang|с этого момента|отныне|теперь)( \w+)? ?,?( \w+)? (eres|seras|actuas|tu es|vous etes|tu seras|bist du|bist|sind sie|e um|voce|sei|ben je|jestes|ar du|sen|kamu|anda|ты|вы)\b|\bagora voce (e|sera)\b",
    ),
    // Who it speaks to.
    (
        Strength::Weak,
        "reader",
        r"\b(attention|note|message|notice|memo|warning|hint|reminder|instructions?|request|comment)s? ?(to|for|from|,|:|-) ?(the |any |all |every |your )?(\w+ )?(ai|a\.i\.|llm|language model|assistant|chatbot|bot|model|agent|gpt|chatgpt|claude|gemini|copilot|reviewer|summari[sz]er)s?\b",
    ),
    (
        Strength::Weak,
        "reader",
        r"\b(dear|hey|hello|hi|ok|okay|attention)[ ,:!]+(ai|a\.i\.|llm|language model|chatbot|model|agent|gpt\w*|chatgpt|claude|gemini|copilot|bard|llama|assistant|reviewer|system)\b|^ ?(ai|llm|chatgpt|claude|copilot|gemini|agent) ?[:,-]|<!-- ?(ai|llm|chatgpt|claude|copilot|assistant|agent|bot)\b",
    ),
    (
        Strength::Weak,
        "reader",
        r"\b(if|when|since|because|as|whenever|while) (you are|you're|you, as|being|an?|the)( an?| the)? ?(ai|a\.i\.|llm|large language model|language model|chatbot|gpt\w*|chatgpt|ai agent|ai model|ai assistant|coding agent|assistant)\b",
    ),
    (
        Strength::Strong,
        "reader",
        r"\b(ais?|a\.i\.|llms?|language models?|chatbots?|ai agents?|ai assistants?|coding (agents?|assistants?))( \w+){0,2} (reading|processing|reviewing|parsing|analy[sz]ing|summari[sz]ing|seeing|handling|implementing|building|generating|executing|evaluating|judging|working on|that (reads?|processes|parses|reviews?))( of)? (this|the (above|following))\b",
    ),
    (
        Strength::Strong,
        "reader",
        r"\b(the|any|all|every|an?) (ai|ai (model|agent|assistant)s?|language models?|llms?|chatbots?|model|assistant|agent|coding agent)s? (must|should|shall|has to|have to|will|is required to|are required to|may|needs? to)( not| now| always| never)? (comply|obey|disclose (its|their|the system)|reveal (its|their|the system)|bypass|disregard|follow (this|these|the following)|not follow|ignore (its|their|all|any|previous|the above))",
    ),
    (
        Strength::Weak,
        "reader",
        r"\b(as an (ai|llm|large language model|artificial)|you are an? (ai|llm|language model|chatbot|helpful|large language|artificial)|your (training|programming|guardrails|safety|alignment|weights|operator))\b",
    ),
    // New orders.
    (
        Strength::Strong,
        "orders",
        r"\b(new|updated|real|actual|true|revised|secret|hidden|important|urgent|additional|priority|special|system|admin\w*|developer) (system )?(instructions?|directives?|orders?|prompt|objective|mission|command|protocol|message)s?( \w+){0,3} ?(:|\bare as follows|\bfollows?\b ?:|\bis to\b|\bare to\b|takes? (precedence|priority)|supersede|replace|override)",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(your|the) (new|only|real|actual|true|sole|primary|updated|next) (task|job|goal|purpose|objective|mission|instruction|assignment|directive)s? (is|are|will be|now|shall)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(new|these|my|following|different) rules ?:? ?(respond|answer|reply|obey|ignore|you|comply|apply to you)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(system|admin\w*|security|developer|priority|emergency|root|operator|policy|super) (override|bypass|overwrite|prompt|directive)\b ?(:|-|\.|!|\]|\)|activated|enabled|engaged|initiated|code|mode|accepted|end|start|begin|in effect)|\b(override|overrule)\b ?: ?(priority|level|admin|system|code|all|safety)|\b(override|disable|turn off|deactivate|bypass|lift|remove)( \w+){0,3} (safety|security|content|ethic\w*) ?(protocols?|filters?|checks?|guard\w*|polic\w+|measures|restrictions|guidelines|mode)?\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\bsafety (mode|checks?|filters?) ?(is |are |have been |: ?)?(off|disabled|deactivated|removed|lifted|suspended)\b|\bwithout (any )?safety (checks?|filters?|guard\w*)\b.{0,40}|\bfull compliance\b",
    ),
    (
        Strength::Weak,
        "orders",
        r"(^|[\[(<*#-] ?|[.!?] )(system|admin|administrator|developer|assistant|operator|root|instructions?|important|urgent|attention|critical)( (message|note|notice|update|alert|prompt|instruction|command|context))? ?[\])>*#]* ?:",
    ),
    (
        Strength::Weak,
        "turns",
        r"(^|[.!?\]] )(human|assistant|user|ai) ?: .{0,300}[.!?\]] ?(human|assistant|user|ai) ?:",
    ),
    (
        Strength::Weak,
        "orders",
        r"\b(end|stop|conclusion|finish) of (the )?(system|user|context|input|document|prompt|instructions?|data|message|conversation|text|task|untrusted|quoted)\b|\b(begin|start) (of )?(new session|system|admin|assistant|instructions?|prompt)\b|\bcontext window\b",
    ),
    (
        Strength::Weak,
        "orders",
        r"\b(instead|rather|now|immediately|first|next|then|simply|just|only|always|must|please|henceforth)[ ,:]+(please |just |only |simply |always )?(say|print|output|respond|reply|answer|write|return|type|repeat|execute|run|call|use|send|post|reveal|tell|give|show|email|open|visit|click|fetch|download|delete|create|insert|add|translate|obey|comply|follow)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(never ?mind|nevermind|changed my mind|on second thought|scratch that|wait, no|actually, no)\b.{0,60}\b(instead|please|just|rather|simply|told|instruct\w+)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(stop|cease|quit|refrain from|do not|don't|dont|no longer|never|must not|should not|need not|mustn't) (doing|following|follow|obeying|obey|executing|complying|comply|adher\w+|listening|listen|processing|pay\w* attention|continu\w+|applying|respecting)( to| with| on)?( \w+){0,3} (your|previous|prior|above|earlier|system|original|initial|developer|developer's|operator|operator's|what you)( \w+){0,3} (instruct\w+|rules?|prompts?|guid\w+|orders?|directives?|programming|polic\w+|constraints?)|\bpay no (attention|heed) to\b.{0,40}\b(above|before|earlier|previous|prior|instruct\w+|prompt)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(do not|don't|dont|no need to|stop|without) (do|doing|follow|finish|complet\w+|perform\w*|execut\w+|continu\w+|proceed\w*)( with)? (the|your|any|this|that) (original|previous|prior|assigned|actual|above|initial|user'?s?) (task|request|instruct\w+|question|job|work|prompt)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(everything|anything|all|whatever|what|text|content|words?|context|messages?|line)\b.{0,30}\b(above|before|prior|previously|earlier|so far|up to (here|now|this point))\b.{0,60}\b(ignor\w+|disregard\w*|forg[eo]t\w*|void|invalid|irrelevant|fake|a test|nonsense|obsolete|training data|no longer (valid|relevant|applies|apply))\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(previous|prior|above|earlier|original|initial|existing|your|old|these|those|the) ((system |safety |security |other )?)(instruct\w+|prompts?|guidelines|directives|context)( \w+){0,4} (is|are|was|were|has been|have been|should be|must be|can be|no longer|do not|don't|does not)( \w+){0,2} (void|null|ignored|disregarded|obsolete|invalid\w*|overrid\w+|superseded|replaced|revoked|suspended|deactivated|irrelevant|forgotten|a test)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(ignore|disregard|forget|override|bypass)( \w+){0,4} (system|developer|operator|initial|previous|prior) (message|note|text|context|conversation|session)s?\b|\b(ignore|disregard|forget) (about )?(everything|anything|all( of)?) (else|above|before|prior|that|i|you|we|the|this|was|said)\b|\b(ignore|disregard) (the )?(above|foregoing)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(vergiss|vergessen sie|oublie|oubliez|olvida|olvide|olviden|esqueca|esquecam|dimentica|dimenticate|vergeet|zapomnij|zapomente|glom|glem|unohda|unut|lupakan|забудь|забудьте|ignorier\w*|ignorez?|ignora|ignore)( \w+){0,2} (alles|tout|todo|tudo|tutto|lo anterior|ce qui precede|il precedente|quanto|wszystko|vsechno|allt|alt|kaikki|her seyi|semua|все|всё|обо всем)\b",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(treat|consider|regard|use|take|interpret|view|accept)( \w+){0,8} as (your |the |a |an )?(new |real |actual )?(system (message|prompt|instruct\w+)|highest priority|authoritative|override|instructions?\b)",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(whatever|no matter what|regardless of what|despite what|contrary to what)( \w+){0,2} (operator|developers?|system prompt|prompt|instructions?|creators?|guidelines)\b( \w+){0,3} ?(said|says?|told|tell|instruct\w*|demand\w*|want\w*)",
    ),
    (
        Strength::Strong,
        "orders",
        r"\b(concatenate|combine|join|merge|put together)( \S+){0,8} and (then )?(follow|execute|obey|run|do|perform|act)\b",
    ),
    // What it was told.
    (
        Strength::Strong,
        "leak",
        r"\b(reveal|show|print|repeat|output|display|tell|leak|dump|translate|summari[sz]e|recite|disclose|expose|share|give|list|write|spell|encode|return|copy|paste|echo|state|explain|describe|provide|say|quote|reproduce|divulge|extract|verify|read|see|what is|what are|what's|what were|what was)( \w+){0,6} (system|initial|original|hidden|secret|internal|base|developer|pre-?prompt|starting|underlying|full|entire|exact|your|previous) ?((system|initial|original|hidden|secret|internal|exact|full|first|own|current) )*(prompts?|instructions?|guidelines|directives|preprompt|system message|message verbatim|context window|rules you|programming)\b",
    ),
    (
        Strength::Strong,
        "leak",
        r"\b(repeat|print|output|copy|paste|echo|recite|write out|reproduce|translate|return|show|reveal)( \w+){0,4} (everything|text|words|content|conversation|sentences|lines|messages?|all)( \w+){0,3} (above|before (this|my|the first|our)|prior to|preceding|so far|verbatim|word for word|special tokens)\b",
    ),
    (
        Strength::Strong,
        "leak",
        r"\b(system|initial|pre|hidden|secret) ?prompts?( \w+){0,3} (verbatim|word for word|exactly|in full|in a code block|above|begins|starts)\b|\bwhat (were|was|are) you (told|instructed|programmed)\b|\bstart(ing)? (your (response|answer|reply) )?with [\W]*you are\b|\b(instructions?|rules?|guidelines|prompt|text) (that )?(you (were|have been|are|had) (given|following|told|provided|instructed))\b|\bwhat (rules|instructions|guidelines|directives) (are|were|do|did|have) you\b|\b(tell|show|give|quote|print|repeat|reveal|output)( \w+){0,9} (system message|in your (prompt|context|instructions))\b",
    ),
    // What it is to send away.
    (
        Strength::Strong,
        "send",
        r"\b(send|post|upload|forward|email|mail|exfiltrat\w+|transmit|leak|submit|report|append|embed|include|put|add|copy|paste|insert|encode|print|read|cat|output|show|reveal|dump|log|collect|steal|extract|return|give|share|list|tell|write to|open)\b.{0,60}(environment variables?|\benv vars?|[ /`'\x22]\.env\b|private ssh|ssh[ _-]?(private )?keys?|aws[ _-]?(access |secret )?(keys?|credentials?|secrets?)|~/\.(aws|ssh|config|netrc)|id_rsa|/etc/(passwd|shadow)|system prompt|(your|the model's) (api[ _-]?keys?|credentials|secrets|tokens?))",
    ),
    (
        Strength::Strong,
        "send",
        r"\b(send|post|upload|forward|email|mail|exfiltrat\w+|transmit|leak|submit|relay|append|embed|encode)( \w+){0,8} (api[ _-]?keys?|access[ _-]?keys?|secret[ _-]?keys?|private[ _-]?keys?|credentials|tokens?|passwords|secrets?|conversations?( history)?|chat (history|log)s?|source code|(customer|user|confidential|sensitive|private|internal|all) (data|records?|information)|database( contents?)?|contents?)\b.{0,60}(https?://|www\.|[\w.+-]+@[\w-]+\.\w+|attacker|webhook|\d+\.\d+\.\d+\.\d+|to me\b)",
    ),
    (Strength::Strong, "send", r"\b(must|please|now|you|also|immediately) (\w+ )?(leak|exfiltrate|steal)\b"),
    (
        Strength::Strong,
        "send",
        r"!\[[^\]]{0,80}\]\(https?://[^)\s]*(\?|=|/)[^)]*(\{|\$|<|%7b|prompt|secret|data=|q=|history|key)[^)]*\)",
    ),
    (
        Strength::Strong,
        "send",
        r"\b(curl|wget|nc|invoke-webrequest|iwr)\b.{0,60}(https?://|\d+\.\d+\.\d+\.\d+).{0,60}\| ?(ba|z|da)?sh\b|\brm -rf? [/~*]|\b(ba|z)?sh -i\b.{0,20}/dev/tcp|\bdrop (table|database)\b.{0,30}(;|--)|:\(\) ?\{ ?:\|:",
    ),
    (
        Strength::Weak,
        "send",
        r"\b(send|post|upload|forward|transmit|exfiltrat\w+|submit|report|leak|make a request|navigate|visit|click|open|browse|fetch|connect|call back|beacon)( \w+){0,8} (to|at|from)? ?(https?://|www\.|[\w.+-]+@[\w-]+\.\w+|attacker|webhook|\d+\.\d+\.\d+\.\d+)",
    ),
    // What it is to do with its tools and its verdicts.
    (
        Strength::Strong,
        "tools",
        r"\b(call|use|invoke|run|execute|trigger)( \w+){0,3} (tool|function|command|shell|terminal|bash|plugin|code interpreter|write_file|submit_work|run_tests|read_file|delete_file|replace_text|apply_patch)s?\b.{0,80}\b(delet\w+|overwrit\w+|upload|exfiltrat\w+|rm|cat|secrets?|credentials|/etc|~/|\.env|immediately|empty|http)\b",
    ),
    (
        Strength::Weak,
        "tools",
        r"\b(write_file|submit_work|run_tests|delete_file|replace_text|apply_patch|read_artifact|tool_use|function_call|tool_call|tool_result|run_command|execute_command|shell_exec|bash tool)\b",
    ),
    (
        Strength::Strong,
        "tools",
        r"\b(delete|remove|erase|wipe|destroy|overwrite|disable|weaken|rewrite|empty|comment out|falsify|fake|forge)( \w+){0,4} (all |every |any |the |existing )?(tests?|gates?|evidence|assertions?|test suites?|workspace|repository)\b|\b(skip|omit)( \w+){0,2} (tests?|testing|gates?|verification|security (review|checks?|scan))\b.{0,60}\b(and|but)? ?(say|report|claim|mark|submit|tell|pretend|answer|write)\b",
    ),
    (
        Strength::Strong,
        "tools",
        r"\b(mark|report|treat|consider|count|declare|rate|score|grade|approve|accept|classify|label|set)( \w+){0,6} (as |to )?(passed|passing|ok|approved|complete[d]?|done|covered|verified|successful|safe|benign|compliant|clean|10/10|100 ?%|excellent|perfect)\b.{0,80}\b(regardless|no matter|without (running|testing|checking|verif\w+|review\w*)|even if|irrespective|do not (check|test|verify|run|review))",
    ),
    (
        Strength::Weak,
        "verdict",
        r"\b(state|say|report|claim|confirm|write|declare|conclude|answer|tell)( \w+){0,3} (all|every|each|the|everything)( \w+){0,3} (is|are|was|were|has|have)?( \w+)? ?(met|passed|passes|pass|ok|done|fulfilled|satisfied|complete|covered|green|approved|safe|secure)\b|\b(make|let|force) (every|all|each|the)( \w+){0,2} (gates?|tests?|checks?|criteria) (pass|green|succeed)|\bapprove everything\b|\breport success\b",
    ),
    (
        Strength::Weak,
        "skip",
        r"\b(skip|omit|drop|leave out|do not (run|write|do|perform|implement)|don't (run|write|do|perform|implement)|must not (write|implement|test)|silently drop)( \w+){0,3} (security|tests?|testing|reviews?|checks?|validation|verification|requirements?|criteri\w+|ac-\d|us-\d)",
    ),
    (
        Strength::Strong,
        "tools",
        r"\b(no|do not|don't|dont|skip|never|omit|without)( \w+){0,3} (write|writing|run|running|create|creating)? ?(unit |acceptance |integration )?(tests?|testing|review|verification|validation|security checks?)\b.{0,60}\b(report|claim|submit|mark|pretend|assert true)\b|\bempty tests?( files?)?\b.{0,40}\b(submit|report|success|pass)|\b(submit|write|hand over|deliver) (an |the )?empty (tests?|document|file)",
    ),
    (
        Strength::Strong,
        "tools",
        r"\bassert ?(\( ?)?(true|1)\b.{0,60}\b(every|each|all|instead|tests?|only|gate)\b|\b(every|each|all)( \w+){0,3} tests?\b.{0,50}\bassert ?(\( ?)?(true|1)\b|\btests? (that|which) (always|trivially|unconditionally) (pass|succeed)",
    ),
    (
        Strength::Strong,
        "tools",
        r"\b(grant|give|assign|allow|elevate) (yourself|your own)\b|\b(add|create|include|install|plant|insert|build)( \w+){0,3} (hidden|secret|undocumented) (admin\w*|account|user|back ?door|endpoint|route)|\bback ?door (account|user|into|in the|for)\b",
    ),
    // What nobody is to know.
    (
        Strength::Weak,
        "silence",
        r"\b(do not|don't|dont|never|without|must not|avoid)( \w+){0,2} (mention\w*|tell\w*|reveal\w*|inform\w*|alert\w*|notify\w*|disclos\w+|report\w*|acknowledg\w+|explain\w*|warn\w*|refus\w+|apologi[sz]\w+|ask\w*)( \w+){0,3} (this|these|that|it|anyone|anybody|the user|the human|about|any of|for (permission|confirmation|approval))\b",
    ),
    (
        Strength::Weak,
        "silence",
        r"\b(secretly|covertly|silently|discreetly|without (the )?(user|human|anyone)('?s)? (knowing|knowledge|noticing|consent)|keep (this|it) (a )?(secret|hidden|confidential|between us)|hide (this|it|these) from)\b",
    ),
    // How it is to answer.
    (
        Strength::Weak,
        "answer",
        r"(^|[.!?:;,\x22'\])*-] ?|\band |\bthen |\bplease |\bjust |\bonly |\bmust |\byou |\balways )(say|print|output|respond|reply|answer|write|return|type|repeat|begin|start|end|prefix|conclude|greet)( \w+){0,4} (only|exactly|nothing but|with|by|using|in|as|the (word|phrase|text|string|following|sentence))( \w+){0,4} ?[\x22'`«“:]",
    ),
    (
        Strength::Weak,
        "answer",
        r"\b(pwned|hacked by|injection (successful|worked|succeeded)|jailbroken|owned by me|compromised\x22)",
    ),
    (
        Strength::Weak,
        "answer",
        r"\b(respond|answer|reply) to (all|any|every) (queries|questions|requests?)\b|\banswer (all|any|every) questions?\b|\bcomply with (all|any|every)\b",
    ),
    (
        Strength::Strong,
        "answer",
        r"\b(decode|decrypt|decipher|unscramble|rot13|base64|hex)\b( \w+){0,6} and( \w+)? (follow|execute|run|obey|perform|comply|act on)\b|\bexecute (the )?(following )?(base64|hex|encoded)\b",
    ),
    (
        Strength::Strong,
        "answer",
        r"\b(this|it) (is|was) (only |just )?(a |an )?(test|simulation|game|drill|authorized|authorised|exercise)\b.{0,80}\b(rules do not|no rules|ignore|bypass|disable|reveal)\b|\bmay (now )?(answer|respond|act|operate) without\b",
    ),
    (
        Strength::Weak,
        "claim",
        r"\b(i am|i'm|this is|we are|speaking as|message from|text is from|comes from|signed) (your|the|an?)? ?(system )?(developers?|creators?|administrators?|admin|owner|openai|anthropic|google|operator|supervisor|ceo|red team)\b|\bfor (security|compliance|debugging|verification) (purposes|compliance)\b",
    ),
];

/// The same in languages without blanks, or whose words bend too much for their beginnings. Two groups that stand near each other.
const NEAR: &[(&str, &str)] = &[
    // Chinese
    (
        r"忽略|無視|无视|忘记|忘掉|忘記|不要理会|不要遵[守循]|無需|无需遵|跳过|绕过|抛弃|放弃|覆盖|停止遵|不必理会|撇开",
        r"指令|指示|提示词|提示|规则|規則|命令|要求|设定|設定|内容|限制|约束|说明|對話|对话|任务",
    ),
    // Japanese
    (
        r"無視|忘れ|従わ|取り消|破棄|上書き|スキップ|考慮しない|守らな",
        r"指示|命令|ルール|規則|プロンプト|制約|設定|ガイドライン|指令|内容",
    ),
    // Korean
    (r"무시|잊어|잊고|따르지|건너뛰|취소|무효", r"지시|명령|규칙|프롬프트|지침|설정|제한|내용"),
    // Arabic, Persian, Hebrew, Hindi, Bengali, Urdu, Thai
    (r"تجاهل|انس[َىي ]|تخط|نادیده|فراموش", r"التعليمات|تعليمات|الأوامر|اوامر|القواعد|التوجيهات|دستور|قوانین|الاوامر"),
    (r"התעלם|התעלמי|תתעלם|שכח|תשכח", r"הוראות|ההוראות|כללים|הכללים|הנחיות|ההנחיות|פקודות"),
    (r"अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल|उपेक्षा", r"निर्देश|नियम|आदेश|आज्ञा"),
    (r"উপেক্ষা|ভুলে|অগ্রাহ্য", r"নির্দেশ|নিয়ম|আদেশ"),
    (r"نظر انداز|بھول", r"ہدایات|احکامات|قواعد"),
    (r"เพิกเฉย|ละเว้น|ลืม|ไม่ต้องสนใจ|ไม่สนใจ|ข้าม", r"คำสั่ง|คำแนะนำ|กฎ|พรอมต์|ข้อกำหนด"),
    // Greek, Bulgarian and others with letters of their own
    (r"αγνοησε|αγνοηστε|ξεχασε|ξεχαστε|παραβλεψε", r"οδηγιες|εντολες|κανονες"),
];

/// What the reader is to tell, in other languages.
const TELL: &[(&str, &str)] = &[
    (
        r"zeig\w*|verrat\w*|nenn\w*|gib\b|wiederhol\w*|ausgeb\w*|montre\w*|affiche\w*|revele\w*|repete\w*|donne\w*|muestra\w*|revela\w*|repite|dime|mostra\w*|mostre\w*|rivela\w*|ripeti|dimmi|toon|onthul|herhaal|pokaz|ujawnij|покажи\w*|раскро\w*|повтори\w*|выведи\w*|вывести|сообщи\w*|goster\w*|tampilkan|ungkapkan",
        r"system-?prompt\w*|systemanweisung\w*|system ?nachricht|prompt (du )?systeme|prompt (del |de |do )?sist\w+|instructions? (systeme|initiales|cachees)|instrucciones (del sistema|iniciales|ocultas|secretas)|instrucoes (do sistema|iniciais|ocultas)|istruzioni (di sistema|iniziali|nascoste)|systeem ?(prompt|instructies)|prompt systemow\w+|системн\w+ (промпт\w*|подсказк\w*|инструкци\w*|сообщени\w*)|prompt sistem\w*|sistem (istemi|prompt\w*|talimat\w*)",
    ),
    (
        r"显示|透露|告诉我|输出|打印|泄露|重复|展示|公开|顯示|輸出",
        r"系统提示|系统指令|提示词|初始指令|系統提示|隐藏指令|系统消息|原始指令",
    ),
    (
        r"表示|教えて|見せて|出力|明らかに|繰り返|開示",
        r"システムプロンプト|システム指示|プロンプト|初期指示|システムメッセージ",
    ),
    (r"보여|알려|출력|공개|말해|반복", r"시스템 ?프롬프트|시스템 ?지시|시스템 ?메시지|초기 ?지시|프롬프트"),
];

/// What divides turns for some model, or closes what encloses this very text. Over text as it is.
const MARKUP: &str = r#"(?i)<\|\s?(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text|end|sep|endofprompt|fim_\w+|channel|message)\b[^|>]{0,20}\|>|<<\s?/?SYS\s?>>|\[/?INST\]|\[/?(?:SYSTEM|ASSISTANT|USER)(?:[ _](?:PROMPT|MESSAGE|OVERRIDE|INSTRUCTIONS?))?\]|</?(?:start_of_turn|end_of_turn|system(?:[-_](?:prompt|message|reminder|instructions?))?|assistant|user_query|untrusted|tool_result|tool_response|tool_use|function_calls?|function_results?|antml:\w+|instructions?|admin|prompt|context|human)(?:\s[^<>]{0,60})?>|(?m:^\s{0,3}#{2,4}\s?(?:system|instruction|instructions|new instructions?|response|assistant|human|user|input)(?:\s(?:prompt|message|override))?\s?:)|#{2,}\s?(?:system|instructions?|admin)\s?#{2,}|(?m:^\s{0,3}```\s?system\b)|\x22role\x22\s?:\s?\x22(?:system|developer)\x22|(?:BEGIN|END|START)[ _]+(?:SYSTEM|ADMIN|USER|TRUSTED|INSTRUCTIONS?|PROMPT)(?:[ _](?:PROMPT|MESSAGE|INSTRUCTIONS?|INPUT|OVERRIDE))?\b"#;

struct Compiled {
    phrases: Vec<(Strength, &'static str, Regex)>,
    near: Vec<(Regex, Regex)>,
    tell: Vec<(Regex, Regex)>,
    markup: Option<Regex>,
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let pairs = |list: &'static [(&str, &str)]| {
        list.iter().filter_map(|(a, b)| Some((Regex::new(a).ok()?, Regex::new(b).ok()?))).collect()
    };
    Compiled {
        phrases: PHRASES
            .iter()
            .filter_map(|(strength, name, form)| Some((*strength, *name, Regex::new(form).ok()?)))
            .collect(),
        near: pairs(NEAR),
        tell: pairs(TELL),
        markup: Regex::new(MARKUP).ok(),
    }
});

/// The signals of one paragraph.
pub(crate) fn of(paragraph: &str) -> Vec<Signal> {
    deep(paragraph, DEPTH)
}

fn deep(paragraph: &str, depth: usize) -> Vec<Signal> {
    let folded = Folded::of(paragraph);
    let mut found = plain(&folded);
    found.extend(markup(paragraph));
    let mut other = Vec::new();
    if let Some(read) = folded.figures_read() {
        other.extend(plain(&read));
    }
    for run in folded.spelled_out() {
        other.extend(run_together(&run));
    }
    for turned in [folded.backwards(), folded.turned()] {
        // What means something only when it is turned is no accident; one strong signal is asked for.
        other.extend(plain(&turned).into_iter().filter(|signal| signal.strength == Strength::Strong));
    }
    found.extend(other.into_iter().map(|signal| Signal { kind: Kind::Encoded, ..signal }));
    if depth > 0 {
        for piece in decode::pieces(paragraph) {
            let inner = deep(&piece.text, depth - 1);
            if strong(&inner) {
                let shown: String = piece.text.chars().take(100).collect();
                found.push(Signal {
                    kind: Kind::Encoded,
                    strength: Strength::Strong,
                    start: piece.start,
                    end: piece.end,
                    shown: Some(format!("{}: {}", piece.form, shown.replace('\n', " "))),
                });
            }
        }
    }
    found
}

pub(crate) fn strong(signals: &[Signal]) -> bool {
    signals.iter().any(|signal| signal.strength == Strength::Strong)
}

/// What a folded text says as it is.
fn plain(folded: &Folded) -> Vec<Signal> {
    let signal = |strength, start: usize, end: usize| Signal {
        kind: Kind::Injection,
        strength,
        start: folded.origin(start).min(folded.origin(end.saturating_sub(1))),
        end: folded.origin(start).max(folded.origin(end.saturating_sub(1))) + 1,
        shown: None,
    };
    let mut found = Vec::new();
    let mut weak: Vec<(&str, usize, usize)> = Vec::new();
    for (strength, name, form) in &COMPILED.phrases {
        if let Some(hit) = form.find(&folded.text) {
            match strength {
                Strength::Strong => found.push(signal(Strength::Strong, hit.start(), hit.end())),
                Strength::Weak => weak.push((name, hit.start(), hit.end())),
            }
        }
    }
    found.extend(turned_away(&folded.text).map(|(start, end)| signal(Strength::Strong, start, end)));
    for (a, b) in &COMPILED.near {
        found.extend(near(&folded.text, a, b, 24).map(|(start, end)| signal(Strength::Strong, start, end)));
    }
    for (a, b) in &COMPILED.tell {
        found.extend(near(&folded.text, a, b, 40).map(|(start, end)| signal(Strength::Strong, start, end)));
    }
    let mut names: Vec<_> = weak.iter().map(|(name, ..)| *name).collect();
    names.sort_unstable();
    names.dedup();
    // Different weak signals stand for each other.
    let together = names.len() >= 2;
    let strength = if together { Strength::Strong } else { Strength::Weak };
    found.extend(weak.into_iter().map(|(_, start, end)| signal(strength, start, end)));
    found
}

fn markup(text: &str) -> Vec<Signal> {
    let hits = COMPILED.markup.iter().flat_map(|form| form.find_iter(text));
    hits.map(|hit| Signal {
        kind: Kind::Markup,
        strength: Strength::Strong,
        start: hit.start(),
        end: hit.end(),
        shown: None,
    })
    .collect()
}

/// Whether two expressions match near each other, in any order, within one sentence.
fn near(text: &str, a: &Regex, b: &Regex, reach: usize) -> Option<(usize, usize)> {
    for first in a.find_iter(text).take(50) {
        for second in b.find_iter(text).take(50) {
            let (start, end) = (first.start().min(second.start()), first.end().max(second.end()));
            let between =
                text.get(first.end().min(second.end())..first.start().max(second.start())).unwrap_or_default();
            if between.chars().count() <= reach && !between.contains(['。', '！', '؟', '।', '\n']) {
                return Some((start, end));
            }
        }
    }
    None
}

/// A word that turns away, one that names the reader's orders and one that says which, near each other.
fn turned_away(text: &str) -> Option<(usize, usize)> {
    let words: Vec<_> = split(text).collect();
    for (at, (start, word)) in words.iter().enumerate() {
        if !stands(&words, at, Part::Turn) {
            continue;
        }
        let from = at.saturating_sub(REACH);
        let around = words.get(from..(at + REACH).min(words.len())).unwrap_or_default();
        // A sentence ends.
        let around = same_sentence(text, around, *start);
        let orders = around.iter().enumerate().filter(|(at, _)| stands(&around, *at, Part::Order));
        let order = orders.map(|(_, word)| word).max_by_key(|(_, word)| !is_everyday_order(word));
        let which = (0..around.len()).any(|at| stands(&around, at, Part::Which));
        let every = around.iter().any(|(_, word)| Words::of(Part::Every).iter().any(|one| word == one));
        let strict = matches!(
            *word,
            "ignore" | "disregard" | "forget" | "bypass" | "override" | "disobey" | "unlearn" | "circumvent"
        ) || !word.is_ascii()
            || word.len() > 4 && begins(word, Part::Turn) && !is_everyday(word);
        let own = order.is_some_and(|(_, word)| !is_everyday_order(word));
        if let Some((other, named)) = order
            && ((strict && own && (which || every)) || (which && own && around.iter().any(|(_, word)| is_reader(word))))
        {
            return Some((*start.min(other), (start + word.len()).max(other + named.len())));
        }
    }
    None
}

/// Verbs that epics use of records; they need the reader beside them.
fn is_everyday(word: &str) -> bool {
    [
        "skip",
        "omit",
        "drop",
        "reset",
        "clear",
        "delet",
        "cancel",
        "suspend",
        "replac",
        "dismiss",
        "discard",
        "erase",
        "abandon",
        "anul",
        "отмен",
        "neglect",
    ]
    .iter()
    .any(|one| word.starts_with(one))
}

/// What epics speak of themselves: orders are bought, rules are kept, policies apply.
fn is_everyday_order(word: &str) -> bool {
    [
        "order",
        "orden",
        "ordin",
        "ordre",
        "auftrag",
        "safety",
        "polic",
        "restriction",
        "regul",
        "command",
        "comand",
        "opdracht",
        "constraint",
    ]
    .iter()
    .any(|one| word.starts_with(one))
}

fn is_reader(word: &str) -> bool {
    matches!(
        word,
        "you"
            | "your"
            | "system"
            | "prompt"
            | "deine"
            | "deinen"
            | "ihre"
            | "vos"
            | "tes"
            | "tus"
            | "suas"
            | "tue"
            | "твои"
            | "ваши"
    )
}

fn begins(word: &str, part: Part) -> bool {
    Words::of(part).iter().any(|one| if one.len() <= 3 { word == one } else { word.starts_with(one.as_str()) })
}

/// Whether a word does this, alone or with the one after it.
fn stands(words: &[(usize, &str)], at: usize, part: Part) -> bool {
    let Some((_, word)) = words.get(at) else { return false };
    let two = words.get(at + 1).map(|(_, next)| format!("{word} {next}"));
    begins(word, part)
        || two.is_some_and(|two| Words::of(part).iter().any(|one| one.contains(' ') && two.starts_with(one.as_str())))
}

/// Words with their places.
fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// Those of the words that stand in the same sentence as a place.
fn same_sentence<'a>(text: &str, words: &[(usize, &'a str)], place: usize) -> Vec<(usize, &'a str)> {
    let apart = |a: usize, b: usize| {
        let between = text.get(a.min(b)..a.max(b)).unwrap_or_default();
        between.contains(". ") || between.contains("! ") || between.contains("? ")
    };
    words.iter().filter(|(at, _)| !apart(*at, place)).copied().collect()
}

/// The same of letters that were put together, where words have no ends.
fn run_together(run: &Folded) -> Vec<Signal> {
    let mut text = run.text.clone();
    if let Some(read) = run.figures_read() {
        text = read.text;
    }
    let has = |part: Part| Words::of(part).iter().any(|one| one.len() > 4 && text.contains(one.as_str()));
    let told = has(Part::Turn) && has(Part::Order)
        || (text.contains("systemprompt") || text.contains("youarenow") || text.contains("jailbreak"));
    if !told {
        return Vec::new();
    }
    let (start, end) = (run.origin(0), run.origin(run.text.len().saturating_sub(1)) + 1);
    vec![Signal { kind: Kind::Encoded, strength: Strength::Strong, start, end, shown: None }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_compiles() {
        assert_eq!(COMPILED.phrases.len(), PHRASES.len());
        assert_eq!(COMPILED.near.len() + COMPILED.tell.len(), NEAR.len() + TELL.len());
        assert!(COMPILED.markup.is_some());
    }
}
